namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Where the official test scripts lie: in <c>shared/spectests</c> beside the repository.</summary>
static class OfficialSuite
{
    /// <summary>The file at the root of the repository by which it is recognised.</summary>
    const string RootFile = "Allotrope.slnx";

    const string Ending = ".bin.wast";

    /// <summary>The root folder of the repository that this program was built in.</summary>
    public static string Repository { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    static string Folder => Path.Combine(Path.GetDirectoryName(Repository)!, "shared", "spectests");

    /// <summary>
    /// The scripts of a version with the folders of its proposals, by names such as <c>3.0/gc/array</c>. Null when they are not there.
    /// </summary>
    public static IReadOnlyList<string>? Scripts(string version)
    {
        var folder = Path.Combine(Folder, version);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, $"*{Ending}", SearchOption.AllDirectories).Select(NameOf).Order(StringComparer.Ordinal)]
            : null;
    }

    public static List<Node.Sequence> Read(string script) =>
        ScriptReader.Read(File.ReadAllBytes(Path.Combine(Folder, script.Replace('/', Path.DirectorySeparatorChar) + Ending)));

    static string NameOf(string path) => Path.GetRelativePath(Folder, path)[..^Ending.Length].Replace(Path.DirectorySeparatorChar, '/');

    static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, RootFile)))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds {RootFile}");
    }
}

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Where the official test scripts lie: in <c>shared/spectests</c> beside the repository.</summary>
static class OfficialSuite
{
    /// <summary>The file at the root of the repository by which it is recognised.</summary>
    const string RootFile = "Allotrope.slnx";

    /// <summary>The root folder of the repository that this program was built in.</summary>
    public static string Repository { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The scripts of the version's core, without the folders of its proposals. Null when they are not there.</summary>
    public static IReadOnlyList<string>? Core(string version)
    {
        var scripts = Path.Combine(Path.GetDirectoryName(Repository)!, "shared", "spectests", version);
        return Directory.Exists(scripts) ? [.. Directory.GetFiles(scripts, "*.bin.wast").Order()] : null;
    }

    static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, RootFile)))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds {RootFile}");
    }
}

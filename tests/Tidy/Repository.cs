using System.Runtime.CompilerServices;

namespace Allotrope.Tidy;

/// <summary>The files of the house, as a clone has them.</summary>
static class Repository
{
    static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", ".git"];

    public static string Root { get; } = Find();

    /// <summary>Every C# file under <paramref name="folder"/>, relative to the root.</summary>
    public static IEnumerable<string> Sources(string folder) => Files(folder, ".cs");

    public static IEnumerable<string> Files(string folder, string extension) =>
        from file in Enumerate(new DirectoryInfo(Path.Combine(Root, folder)))
        where file.Extension == extension
        select Path.GetRelativePath(Root, file.FullName);

    /// <summary>Every folder under <paramref name="folder"/>, relative to the root.</summary>
    public static IEnumerable<string> Folders(string folder) => Files(folder, ".cs").Select(file => Path.GetDirectoryName(file)!).Distinct();

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    static IEnumerable<FileInfo> Enumerate(DirectoryInfo folder) => folder.Exists
        ? folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name)).SelectMany(Enumerate))
        : [];

    static string Find([CallerFilePath] string here = "")
    {
        // From where the tests run, or else from where they were compiled.
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(here)! })
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Allotrope.slnx")))
                    return folder.FullName;
        throw new InvalidOperationException("Allotrope.slnx is in no folder above the tests.");
    }
}

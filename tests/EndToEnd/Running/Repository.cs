namespace Allotrope.EndToEnd;

/// <summary>The clone that the tests run in.</summary>
static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The program as it was built with these tests: Debug beside Debug, Release beside Release.</summary>
    public static string Program { get; } =
        Path.Combine(Root, "artifacts", "bin", "Allotrope", new DirectoryInfo(AppContext.BaseDirectory).Name, "allot.dll");

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Guest(string name) => PathOf($"guests/{name}/{name}.wasm");

    static string Find(string start)
    {
        var folder = new DirectoryInfo(start);
        while (!File.Exists(Path.Combine(folder.FullName, "Allotrope.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException($"{start} is in no clone.");
        return folder.FullName;
    }
}

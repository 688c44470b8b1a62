namespace Allotrope.Bench;

/// <summary>Where the repository is that this benchmark was built from.</summary>
static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    static string Find(string folder) => File.Exists(Path.Combine(folder, "Allotrope.slnx"))
        ? folder
        : Find(Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new BenchException("run this from a clone of the repository; Allotrope.slnx is not above the program."));
}

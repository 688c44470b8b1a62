namespace Allotrope.Development;

/// <summary>What a build reads: every file under a folder, without what builds make and what packages bring.</summary>
static class SourceTree
{
    /// <summary>More files than this are no sources of one component; looking at them several times a second would cost.</summary>
    const int MostFiles = 10_000;

    static readonly HashSet<string> Ignored = new(["build", "node_modules", "target", "artifacts", "bin", "obj"], StringComparer.Ordinal);

    /// <summary>Written by tools when they build, not by people.</summary>
    static readonly HashSet<string> Locks = new(["Cargo.lock", "package-lock.json"], StringComparer.Ordinal);

    static readonly EnumerationOptions Here = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden };

    /// <summary>A number that is another one when a file came, went or was written. Looking again and again finds what editors do in any way, on any disk.</summary>
    public static int Stamp(string folder)
    {
        var stamp = new HashCode();
        var files = 0;
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(folder)]);
        while (files < MostFiles && open.TryPop(out var next))
        {
            foreach (var entry in Entries(next))
            {
                if (entry is DirectoryInfo within)
                {
                    // A link could lead in a circle
                    if (within.LinkTarget is null && !Ignored.Contains(within.Name))
                        open.Push(within);
                }
                else if (entry is FileInfo { Exists: true } file && !Locks.Contains(file.Name))
                {
                    files++;
                    stamp.Add(file.FullName, StringComparer.Ordinal);
                    stamp.Add(file.Length);
                    stamp.Add(file.LastWriteTimeUtc);
                }
            }
        }
        return stamp.ToHashCode();
    }

    static List<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFileSystemInfos("*", Here).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        }
        catch (DirectoryNotFoundException)
        {
            return []; // it went since it was seen
        }
    }
}

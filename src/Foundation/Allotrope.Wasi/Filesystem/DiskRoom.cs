namespace Allotrope.Wasi.Filesystem;

/// <summary>
/// How much of the disk the guests of a directory take together, and may take: what is in files, by their length, and <see cref="PerName"/> for every name.
/// A file that has lost its names, or a directory that was removed, counts until nobody has it open, and a directory with what most disks keep for it when the
/// names in it have gone. Everything that changes the directory must go by the same one. Thread-safe.
/// </summary>
public sealed class DiskRoom
{
    /// <summary>Bytes that a name counts with, so that empty files are bounded too: a block of most disks.</summary>
    public const int PerName = 4096;

    readonly Lock _turn = new();
    readonly Dictionary<ulong, int> _open = []; // descriptors by inode
    readonly HashSet<ulong> _nameless = []; // of those, what counts although no name is left
    readonly Dictionary<ulong, long> _grown = []; // what directories count beyond their names, by inode
    long _most, _used;

    /// <summary>Counts what is in a directory already, without following links.</summary>
    /// <param name="folder">On one disk, all of it.</param>
    /// <param name="most">Bytes. What is there already stays when it is more, but does not grow.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public DiskRoom(string folder, long most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        (_most, _used) = (most, DirectorySize.Of(folder, _grown));
    }

    /// <summary>Bytes; may be changed at any time.</summary>
    public long Most
    {
        get => Volatile.Read(ref _most);
        set => Volatile.Write(ref _most, value);
    }

    public long Used => Volatile.Read(ref _used);

    /// <summary>Held around a change and what is told here of it, so that each is counted against the last.</summary>
    internal Lock.Scope Enter() => _turn.EnterScope();

    internal bool Has(long more) => more <= 0 || more <= Most - _used;

    internal void Take(long bytes) => Volatile.Write(ref _used, Math.Max(0, _used + bytes));

    internal void Opened(FileStat file)
    {
        var count = _open.GetValueOrDefault(file.Inode);
        _open[file.Inode] = count + 1;
        if (count == 0 && file is { Type: DescriptorType.RegularFile, Links: 0 } && _nameless.Add(file.Inode)) // its last name went while it was being opened, and its length with it
            Take((long)file.Size);
    }

    internal void Closed(FileStat file)
    {
        if (--_open[file.Inode] > 0)
            return;
        _open.Remove(file.Inode);
        if (!_nameless.Remove(file.Inode))
            return;
        if (file.Type == DescriptorType.Directory)
            Removed(file);
        else
            Take(-(long)file.Size);
    }

    /// <summary>What a directory takes of the disk beyond its name: it grows with the names in it, which pay for that, and does not shrink when they go.</summary>
    internal static long Growth(FileStat folder) => folder.Type == DescriptorType.Directory ? Math.Max(0, (long)folder.Size - PerName) : 0;

    /// <summary>Names have left a directory.</summary>
    internal void Left(FileStat folder)
    {
        var (grown, before) = (Growth(folder), _grown.GetValueOrDefault(folder.Inode));
        if (grown == before)
            return;
        Take(grown - before);
        _grown[folder.Inode] = grown;
    }

    /// <summary>A name is gone.</summary>
    /// <param name="file">What had it, before it went.</param>
    internal void Unnamed(FileStat file)
    {
        var isFolder = file.Type == DescriptorType.Directory;
        if (!isFolder)
            Take(-PerName);
        if (!isFolder && file is not { Type: DescriptorType.RegularFile, Links: 1 })
            return;
        if (_open.ContainsKey(file.Inode))
            _nameless.Add(file.Inode);
        else if (isFolder)
            Removed(file);
        else
            Take(-(long)file.Size);
    }

    /// <summary>The disk has a directory's blocks again.</summary>
    void Removed(FileStat folder)
    {
        _grown.Remove(folder.Inode, out var grown);
        Take(-PerName - grown);
    }
}

using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>
/// How much of the disk the guests of a directory take together, and may take: what is in files, by their length, and <see cref="PerName"/> for every name.
/// A file that has lost its names counts until nobody has it open. Everything that changes the directory must go by the same one. Thread-safe.
/// </summary>
public sealed class DiskRoom
{
    /// <summary>Bytes that a name counts with, so that empty files are bounded too: a block of most disks.</summary>
    public const int PerName = 4096;

    readonly Lock _turn = new();
    readonly Dictionary<ulong, int> _open = []; // descriptors by inode
    readonly HashSet<ulong> _nameless = []; // of those, what counts although no name is left
    long _most, _used;

    /// <summary>Counts what is in a directory already, without following links.</summary>
    /// <param name="folder">On one disk, all of it.</param>
    /// <param name="most">Bytes. What is there already stays when it is more, but does not grow.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public DiskRoom(string folder, long most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        (_most, _used) = (most, Measure(folder));
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
        if (count == 0 && file.Links == 0 && _nameless.Add(file.Inode)) // its last name went while it was being opened, and its length with it
            Take((long)file.Size);
    }

    internal void Closed(FileStat file)
    {
        if (--_open[file.Inode] > 0)
            return;
        _open.Remove(file.Inode);
        if (_nameless.Remove(file.Inode))
            Take(-(long)file.Size);
    }

    /// <summary>A name is gone.</summary>
    /// <param name="file">What had it, before it went.</param>
    internal void Unnamed(FileStat file)
    {
        Take(-PerName);
        if (file is not { Type: DescriptorType.RegularFile, Links: 1 })
            return;
        if (_open.ContainsKey(file.Inode))
            _nameless.Add(file.Inode);
        else
            Take(-(long)file.Size);
    }

    static long Measure(string folder)
    {
        using var root = new SafeFileHandle(LibC.Open(folder, OpenMode.ReadOnly | OpenMode.Directory | OpenMode.CloseOnExec, 0), ownsHandle: true);
        if (root.IsInvalid)
            throw new IOException($"{folder} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        var seen = new HashSet<ulong>(); // a file of several names has one length
        var used = 0L;
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        foreach (var path in new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(), everything)
        {
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint), // a guest's link leads anywhere
        })
        {
            if (LibC.Stat(root, path, LibC.SymlinkNoFollow, LibC.BasicStatistics, out var file) < 0)
                throw new IOException($"{path} cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}");
            used += PerName;
            if (file.Type == DescriptorType.RegularFile && (file.Links == 1 || seen.Add(file.Inode)))
                used += (long)file.Size;
        }

        return used;
    }
}

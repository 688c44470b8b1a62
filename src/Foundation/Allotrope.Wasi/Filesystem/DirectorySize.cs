using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>
/// Counts what is in a directory as <see cref="DiskRoom"/> does. It walks by names in open directories, two at once, because a guest may have nested them deeper
/// than a path of the host is long, and follows no links, which lead anywhere.
/// </summary>
sealed class DirectorySize : IDisposable
{
    static readonly int Mode = OpenMode.ReadOnly | OpenMode.Directory | OpenMode.NoFollow | OpenMode.CloseOnExec;

    readonly Dictionary<ulong, long> _grown;
    readonly HashSet<ulong> _seen = []; // a file of several names has one length
    readonly Stack<(ulong Inode, Stack<string> Left)> _path = []; // and the directories in each that are to be looked into yet
    SafeFileHandle _here;
    long _used;

    DirectorySize(string folder, Dictionary<ulong, long> grown)
    {
        _grown = grown;
        _here = new SafeFileHandle(LibC.Open(folder, OpenMode.ReadOnly | OpenMode.Directory | OpenMode.CloseOnExec, 0), ownsHandle: true);
        if (_here.IsInvalid)
            throw Unusable($"{folder} cannot be opened", Marshal.GetLastPInvokeError());
    }

    /// <param name="folder">In which nothing changes meanwhile.</param>
    /// <param name="grown">Told what directories count beyond their names, by inode.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static long Of(string folder, Dictionary<ulong, long> grown)
    {
        using var walk = new DirectorySize(folder, grown);
        walk.Look();
        while (walk.Go())
        {
        }

        return walk._used;
    }

    /// <summary>Goes on to the next directory; false when there is none.</summary>
    bool Go()
    {
        if (_path.Peek().Left.TryPop(out var name))
        {
            Enter(name);
            Look();
            return true;
        }

        _path.Pop();
        if (_path.Count == 0)
            return false;
        Enter("..");
        return Stat("").Inode == _path.Peek().Inode ? true : throw new IOException("directories in it are moved while it is looked at");
    }

    void Enter(string name)
    {
        var next = new SafeFileHandle(LibC.OpenAt(_here, name, Mode, 0), ownsHandle: true);
        if (next.IsInvalid)
            throw Unusable($"the directory {name} in it cannot be opened", Marshal.GetLastPInvokeError());
        _here.Dispose();
        _here = next;
    }

    void Look()
    {
        var folders = new Stack<string>();
        var entries = new DirectoryEntries(_here);
        while (Next(entries) is { } entry)
        {
            if (entry.IsDots)
                continue;
            var name = Encoding.UTF8.GetString(entry.Name);
            var file = Stat(name);
            _used += DiskRoom.PerName;
            if (file.Type == DescriptorType.Directory)
            {
                folders.Push(name);
            }
            else if (file.Type == DescriptorType.RegularFile && (file.Links == 1 || _seen.Add(file.Inode)))
            {
                _used += (long)file.Size;
            }
        }

        var here = Stat("");
        _path.Push((here.Inode, folders));
        if (DiskRoom.Growth(here) is > 0 and var growth)
            _used += _grown[here.Inode] = growth;
    }

    static RawEntry? Next(DirectoryEntries entries)
    {
        var next = entries.Next();
        return next.IsOk ? next.Value : throw new IOException($"it cannot be read: {next.Error}");
    }

    FileStat Stat(string name) =>
        LibC.Stat(_here, name, LibC.SymlinkNoFollow | LibC.EmptyPath, LibC.BasicStatistics, out var file) == 0
            ? file
            : throw Unusable($"{name} in it cannot be looked at", Marshal.GetLastPInvokeError());

    static IOException Unusable(string what, int error) => new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}");

    public void Dispose() => _here.Dispose();
}

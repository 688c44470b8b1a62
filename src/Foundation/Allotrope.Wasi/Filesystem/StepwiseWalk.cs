using System.Runtime.InteropServices;
using System.Text;
using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>
/// Walks a path name by name, holding every directory on the way, and follows links by reading them: each step is one name in a directory that is open
/// already, so nothing that is renamed meanwhile leads out. <c>..</c> is the directory one came from.
/// </summary>
sealed class StepwiseWalk : IDisposable
{
    /// <summary>Links on one path, as in Linux.</summary>
    const int MostLinks = 40;

    /// <summary>Of a path with the links in it; PATH_MAX of Linux for each, and this for all that is left to be walked.</summary>
    const int LongestPath = 4096;

    readonly SafeFileHandle _root;
    readonly List<SafeFileHandle> _inside = [];
    readonly Stack<string> _names = new();
    int _links;

    StepwiseWalk(SafeFileHandle root) => _root = root;

    public static Result<SafeFileHandle, ErrorCode> Open(SafeFileHandle root, string path, int flags, int mode)
    {
        if (Encoding.UTF8.GetByteCount(path) >= LongestPath)
            return ErrorCode.NameTooLong;
        using var walk = new StepwiseWalk(root);
        walk.Push(path);
        return walk.Run(flags, mode);
    }

    SafeFileHandle Here => _inside.Count == 0 ? _root : _inside[^1];

    Result<SafeFileHandle, ErrorCode> Run(int flags, int mode)
    {
        while (true)
        {
            var name = _names.Pop();
            var last = _names.Count == 0;
            if (name == ".." && !GoUp())
                return ErrorCode.NotPermitted;
            if (name is "." or "..")
            {
                if (last)
                    return Opened(LibC.OpenAt(Here, ".", flags & ~OpenMode.NoFollow, mode));
                continue;
            }

            var isExclusive = (flags & (OpenMode.Create | OpenMode.Exclusive)) == (OpenMode.Create | OpenMode.Exclusive);
            if ((!last || ((flags & OpenMode.NoFollow) == 0 && !isExclusive)) && TargetOf(name) is { } target)
            {
                if (target.StartsWith('/'))
                    return ErrorCode.NotPermitted;
                if (++_links > MostLinks || _names.Sum(rest => rest.Length + 1) + target.Length > LongestPath)
                    return ErrorCode.Loop;
                Push(target);
                continue;
            }

            if (last)
                return Opened(LibC.OpenAt(Here, name, flags | OpenMode.NoFollow, mode));
            var into = Opened(LibC.OpenAt(Here, name, OpenMode.PathOnly | OpenMode.Directory | OpenMode.NoFollow | OpenMode.CloseOnExec, 0));
            if (!into.IsOk)
                return into;
            _inside.Add(into.Value);
        }
    }

    /// <summary>The last name on top of the others; a slash at the end asks for a directory, as <c>/.</c> would.</summary>
    void Push(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.EndsWith('/') || names.Length == 0)
            _names.Push(".");
        foreach (var name in names.Reverse())
            _names.Push(name);
    }

    bool GoUp()
    {
        if (_inside.Count == 0)
            return false;
        _inside[^1].Dispose();
        _inside.RemoveAt(_inside.Count - 1);
        return true;
    }

    string? TargetOf(string name)
    {
        Span<byte> target = stackalloc byte[LongestPath];
        var length = LibC.ReadLink(Here, name, target, (nuint)target.Length);
        return length <= 0 ? null : Encoding.UTF8.GetString(target[..(int)length]);
    }

    static Result<SafeFileHandle, ErrorCode> Opened(int file) =>
        file >= 0 ? new SafeFileHandle(file, ownsHandle: true) : Errno.ToErrorCode(Marshal.GetLastPInvokeError());

    public void Dispose()
    {
        foreach (var folder in _inside)
            folder.Dispose();
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasm;

/// <summary>
/// The process's file without a name that holds the first contents of memories, to be mapped by any number of instances. There is one for all modules,
/// since a process may have thousands of modules and not as many descriptors: each image has a range of it, which is never used again.
/// </summary>
static partial class ImageFile
{
    /// <summary>Ranges begin at multiples of this, a multiple of the page size of every system.</summary>
    const long Alignment = 65_536;

    // fallocate(2): FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
    const int PunchHole = 3;

    static readonly Lock Gate = new();
    static SafeFileHandle? _file;
    static bool _isRefused;
    static long _end;

    /// <summary>The file; null where the system has none.</summary>
    internal static SafeFileHandle? Handle
    {
        get
        {
            lock (Gate)
            {
                if (_file is null && !_isRefused)
                    _isRefused = (_file = Create()) is null;
                return _file;
            }
        }
    }

    /// <summary>Makes the file longer by a range of zeros; null when the system refuses.</summary>
    internal static long? Reserve(SafeFileHandle file, long size)
    {
        lock (Gate)
        {
            var start = _end;
            var end = start + ((size + Alignment - 1) & -Alignment);
            if (ftruncate(file, end) != 0)
                return null;
            _end = end;
            return start;
        }
    }

    /// <summary>Gives the range's memory back; what is still mapped of it reads as zeros from then on.</summary>
    internal static void Release(SafeFileHandle file, long start, long size) => _ = fallocate(file, PunchHole, start, size);

    static SafeFileHandle? Create()
    {
        const uint CloseOnExec = 1;
        if (!OperatingSystem.IsLinux())
            return null;
        var descriptor = memfd_create("wasm-images", CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    // memfd_create(2); Linux 3.17. Without it: memories are filled by copying.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    // ftruncate(2)
    [LibraryImport("libc")]
    private static partial int ftruncate(SafeFileHandle file, long length);

    // fallocate(2)
    [LibraryImport("libc")]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);
}

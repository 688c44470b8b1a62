using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>The calls of Linux that name files by a directory and a path within it. All fail by a negative result and errno.</summary>
static unsafe partial class LibC
{
    const string Library = "libc";

    public const int SymlinkNoFollow = 0x100, RemoveDirectory = 0x200, EmptyPath = 0x1000, BasicStatistics = 0x7ff;

    /// <summary>man 2 openat2 (Linux 5.6): never out of the folder, and through none of /proc's links that are none.</summary>
    public const ulong Beneath = 0x08, NoMagicLinks = 0x02;

    /// <summary>man 2 openat2: its number is the same on every processor.</summary>
    const long OpenAt2 = 437;

    public static int OpenBeneath(SafeFileHandle folder, string path, int flags, int mode)
    {
        OpenHow how = new() { Flags = (ulong)(uint)flags, Mode = (flags & OpenMode.Create) != 0 ? (ulong)(uint)mode : 0, Resolve = Beneath | NoMagicLinks };
        return (int)openat2(OpenAt2, folder, path, ref how, (nuint)sizeof(OpenHow));
    }

    [StructLayout(LayoutKind.Sequential)]
    struct OpenHow
    {
        public ulong Flags, Mode, Resolve;
    }

    // syscall(2): the C library has no function for openat2 yet
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint openat2(long number, SafeFileHandle folder, string path, ref OpenHow how, nuint size);

    /// <summary>man 2 openat.</summary>
    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(SafeFileHandle folder, string path, int flags, int mode);

    /// <summary>man 2 open, for the host's own paths.</summary>
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    /// <summary>man 2 fcntl with F_DUPFD_CLOEXEC (1030).</summary>
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, int command, int argument);

    /// <summary>man 2 statx.</summary>
    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(SafeFileHandle folder, string path, int flags, uint mask, out FileStat stat);

    /// <summary>man 2 mkdirat.</summary>
    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(SafeFileHandle folder, string path, uint mode);

    /// <summary>man 2 unlinkat.</summary>
    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(SafeFileHandle folder, string path, int flags);

    /// <summary>man 2 renameat.</summary>
    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to);

    /// <summary>man 2 linkat.</summary>
    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to, int flags);

    /// <summary>man 2 symlinkat.</summary>
    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Symlink(string target, SafeFileHandle folder, string path);

    /// <summary>man 2 readlinkat: bytes written, without a final 0.</summary>
    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLink(SafeFileHandle folder, string path, Span<byte> target, nuint size);

    /// <summary>man 3 futimens.</summary>
    [LibraryImport(Library, EntryPoint = "futimens", SetLastError = true)]
    public static partial int SetTimes(SafeFileHandle file, ReadOnlySpan<TimeSpec> times);

    /// <summary>man 2 utimensat.</summary>
    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetTimes(SafeFileHandle folder, string path, ReadOnlySpan<TimeSpec> times, int flags);

    /// <summary>man 2 pread.</summary>
    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(SafeFileHandle file, Span<byte> bytes, nuint size, long offset);

    /// <summary>man 2 pwrite.</summary>
    [LibraryImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint WriteAt(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint size, long offset);

    public static nint Append(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        const int append = 0x10; // RWF_APPEND, Linux 4.16
        fixed (byte* start = bytes)
        {
            Part part = new() { Start = (nint)start, Length = (nuint)bytes.Length };
            return pwritev2(file, ref part, 1, 0, append);
        }
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Part
    {
        public nint Start;
        public nuint Length;
    }

    // pwritev2(2)
    [LibraryImport(Library, SetLastError = true)]
    private static partial nint pwritev2(SafeFileHandle file, ref Part parts, int count, long offset, int flags);

    /// <summary>man 2 read, for what has no positions.</summary>
    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, Span<byte> bytes, nuint size);

    /// <summary>man 2 write, for what has no positions.</summary>
    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint size);

    /// <summary>man 2 ftruncate.</summary>
    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle file, long size);

    /// <summary>man 3 posix_fallocate: gives the error number instead of setting it.</summary>
    [LibraryImport(Library, EntryPoint = "posix_fallocate")]
    public static partial int Allocate(SafeFileHandle file, long offset, long length);

    /// <summary>man 2 posix_fadvise: gives the error number instead of setting it.</summary>
    [LibraryImport(Library, EntryPoint = "posix_fadvise")]
    public static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    /// <summary>man 2 fsync.</summary>
    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    /// <summary>man 2 fdatasync.</summary>
    [LibraryImport(Library, EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncContents(SafeFileHandle file);

    /// <summary>man 2 getdents64 (glibc 2.30): bytes written; 0 at the end.</summary>
    [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint ReadEntries(SafeFileHandle folder, Span<byte> entries, nuint size);

    /// <summary>man 2 lseek: for a folder, to a place that one of its entries names.</summary>
    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);
}

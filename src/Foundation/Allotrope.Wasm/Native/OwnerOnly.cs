using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasm;

/// <summary>
/// Opens folders and files of which it is certain that nobody but this user (and the system's) can write to them: what they are is asked of what was
/// opened, never of a path, which could lead elsewhere by then. On Linux only.
/// </summary>
static unsafe partial class OwnerOnly
{
    const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Exclusive = 0x80, NonBlocking = 0x800, CloseOnExec = 0x80000;
    const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    const int NotThere = 2; // ENOENT

    // open(2): two flags that differ between processors
    static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;
    static readonly int IsFolder = IsArm ? 0x4000 : 0x10000;

    /// <summary>The folder, to open and make files in.</summary>
    /// <exception cref="UnauthorizedAccessException">It is a link, somebody else's, or open to others.</exception>
    internal static SafeFileHandle OpenFolder(string path)
    {
        var folder = Checked(open(path, ReadOnly | IsFolder | NoFollow | CloseOnExec, 0), path)
            ?? throw new DirectoryNotFoundException($"there is no folder {path}");
        Check(folder, path, TypeFolder);
        return folder;
    }

    /// <summary>A file to read; null when there is none.</summary>
    /// <exception cref="UnauthorizedAccessException">It is a link or no file, somebody else's, or open to others.</exception>
    internal static SafeFileHandle? OpenFile(SafeFileHandle folder, string name)
    {
        // Without waiting: a pipe of that name would never open.
        if (Checked(openat(folder, name, ReadOnly | NoFollow | NonBlocking | CloseOnExec, 0), name) is not { } file)
            return null;
        Check(file, name, TypeFile);
        return file;
    }

    /// <summary>A new file to write, which only this user may read.</summary>
    internal static SafeFileHandle CreateFile(SafeFileHandle folder, string name) =>
        Checked(openat(folder, name, WriteOnly | Create | Exclusive | NoFollow | CloseOnExec, 0x180 /* 0600 */), name)
        ?? throw new FileNotFoundException($"{name} cannot be made: its folder is gone");

    /// <summary>Puts a file in the place of another, at once for everybody who opens it.</summary>
    internal static void Rename(SafeFileHandle folder, string from, string to)
    {
        if (renameat(folder, from, folder, to) != 0)
            throw Failed(to);
    }

    /// <summary>Removes a file; nothing happens when it is not there.</summary>
    internal static void Remove(SafeFileHandle folder, string name)
    {
        if (unlinkat(folder, name, 0) != 0 && Marshal.GetLastPInvokeError() != NotThere)
            throw Failed(name);
    }

    static SafeFileHandle? Checked(int descriptor, string name)
    {
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        return Marshal.GetLastPInvokeError() == NotThere ? null : throw Failed(name);
    }

    static void Check(SafeFileHandle opened, string name, ushort type)
    {
        if (statx(opened, "", EmptyPath, BasicStatistics, out var found) != 0)
        {
            using (opened)
                throw Failed(name);
        }

        var wrong = (found.Mode & TypeMask) != type ? "of another kind"
            : found.Owner != geteuid() ? $"owned by user {found.Owner}"
            : ((UnixFileMode)(found.Mode & ~TypeMask) & Others) != UnixFileMode.None ? "open to other users"
            : null;
        if (wrong is not null)
        {
            using (opened)
                throw new UnauthorizedAccessException($"{name} is {wrong}");
        }
    }

    static IOException Failed(string name) => new($"{name}: {Marshal.GetLastPInvokeErrorMessage()}");

    const ushort TypeMask = 0xf000, TypeFolder = 0x4000, TypeFile = 0x8000;
    const int EmptyPath = 0x1000;
    const uint BasicStatistics = 0x7ff;

    /// <summary>The beginning of <c>struct statx</c>, which is the same on all processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Statistics
    {
        [FieldOffset(20)]
        internal uint Owner;

        [FieldOffset(28)]
        internal ushort Mode;
    }

    // open(2)
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    // openat(2)
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int openat(SafeFileHandle folder, string name, int flags, int mode);

    // renameat(2)
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to);

    // unlinkat(2)
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlinkat(SafeFileHandle folder, string name, int flags);

    // statx(2); Linux 4.11, glibc 2.28
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(SafeFileHandle file, string path, int flags, uint mask, out Statistics statistics);

    // geteuid(2)
    [LibraryImport("libc")]
    private static partial uint geteuid();
}

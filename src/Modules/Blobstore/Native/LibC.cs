using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Blobstore;

/// <summary>What .NET has no functions for: folders cannot be opened there. Both fail by a negative result and errno.</summary>
static partial class LibC
{
    const string Library = "libc";

    /// <summary>Of x86-64 and 64-bit ARM: read-only, and closed in other programs. O_DIRECTORY differs between the two and is not needed.</summary>
    const int CloseOnExec = 0x80000;

    /// <summary>Brings to disk which files are in a folder.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static void SyncFolder(string path)
    {
        using var folder = new SafeFileHandle(open(path, CloseOnExec), ownsHandle: true);
        if (folder.IsInvalid || fsync(folder) < 0)
            throw Error(path, Marshal.GetLastPInvokeError());
    }

    static IOException Error(string path, int number) => new($"{path} cannot be brought to disk: {Marshal.GetPInvokeErrorMessage(number)}.", number);

    /// <summary>man 2 open.</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    /// <summary>man 2 fsync.</summary>
    [LibraryImport(Library, SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);
}

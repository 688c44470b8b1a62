using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Kernel;

/// <summary>What .NET has no functions for: folders cannot be opened there. Both fail by a negative result and errno.</summary>
static partial class LibC
{
    const string Library = "libc";

    /// <summary>Of x86-64 and 64-bit ARM: read-only, and closed in other programs. O_DIRECTORY differs between the two and is not needed.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>man 2 open.</summary>
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    /// <summary>man 2 fsync.</summary>
    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);
}

using System.Runtime.InteropServices;
using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>
/// Opens what a guest names within a directory, and never anything else, whatever links lie on the way and whoever renames things meanwhile. The kernel sees
/// to it (openat2 with RESOLVE_BENEATH); where it cannot, <see cref="StepwiseWalk"/> does.
/// </summary>
static class Beneath
{
    /// <summary>The kernel asks to try again when something was renamed during its walk; who renames without end does not keep us.</summary>
    const int MostTries = 100;

    static readonly Lazy<bool> KernelCan = new(Probe);

    /// <param name="folder">Where the path begins and what it may not leave.</param>
    /// <param name="path">The guest's.</param>
    /// <param name="flags">Of open(2); <see cref="OpenMode.NoFollow"/> concerns the last name only.</param>
    /// <param name="stepwise">Do without the kernel's help.</param>
    public static Result<SafeFileHandle, ErrorCode> Open(SafeFileHandle folder, string path, int flags, bool stepwise)
    {
        if (GuestPath.Refusal(path) is { } refusal)
            return refusal;
        const int mode = 0x1b6; // 0666, less the umask
        // A pipe or terminal of that name must not keep or take us; who only asks for the path opens neither.
        flags |= (flags & OpenMode.PathOnly) != 0 ? OpenMode.CloseOnExec : OpenMode.CloseOnExec | OpenMode.NoTerminal | OpenMode.NonBlocking;
        if (stepwise || !KernelCan.Value)
            return StepwiseWalk.Open(folder, path, flags, mode);
        for (var tries = 0; ; tries++)
        {
            var file = LibC.OpenBeneath(folder, path, flags, mode);
            if (file >= 0)
                return new SafeFileHandle(file, ownsHandle: true);
            var error = Marshal.GetLastPInvokeError();
            if (error != Errno.Again || tries == MostTries)
                return error == Errno.CrossDevice ? ErrorCode.NotPermitted : Errno.ToErrorCode(error);
        }
    }

    static bool Probe()
    {
        using var root = new SafeFileHandle(LibC.Open("/", OpenMode.ReadOnly | OpenMode.Directory | OpenMode.CloseOnExec, 0), ownsHandle: true);
        if (root.IsInvalid)
            return false;
        using var again = new SafeFileHandle(LibC.OpenBeneath(root, ".", OpenMode.PathOnly | OpenMode.CloseOnExec, 0), ownsHandle: true);
        return !again.IsInvalid;
    }
}

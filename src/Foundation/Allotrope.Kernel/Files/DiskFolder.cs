using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Kernel;

/// <summary>A folder as the disk has it. A file that was brought to disk is lost all the same if its name was not.</summary>
public static class DiskFolder
{
    /// <summary>Brings to disk which files are in a folder: after one was made or renamed there.</summary>
    /// <exception cref="IOException">It cannot; <see cref="Exception.HResult"/> is the system's number of the error.</exception>
    public static void Sync(string path)
    {
        using var folder = new SafeFileHandle(LibC.Open(path, LibC.CloseOnExec), ownsHandle: true);
        if (folder.IsInvalid || LibC.Sync(folder) < 0)
            throw Error(path, Marshal.GetLastPInvokeError());
    }

    static IOException Error(string path, int number) => new($"{path} cannot be brought to disk: {Marshal.GetPInvokeErrorMessage(number)}.", number);
}

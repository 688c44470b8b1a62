using System.Runtime.InteropServices;
using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>Reads and writes at places of a file; what has no places (pipes, terminals) as it comes.</summary>
static class FileContents
{
    /// <summary>0 bytes are the end.</summary>
    public static Result<int, ErrorCode> Read(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        var count = LibC.ReadAt(file, bytes, (nuint)bytes.Length, offset);
        return Count(count < 0 && Marshal.GetLastPInvokeError() == Errno.IllegalSeek ? LibC.Read(file, bytes, (nuint)bytes.Length) : count);
    }

    public static Result<int, ErrorCode> Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var count = LibC.WriteAt(file, bytes, (nuint)bytes.Length, offset);
        return Count(count < 0 && Marshal.GetLastPInvokeError() == Errno.IllegalSeek ? LibC.Write(file, bytes, (nuint)bytes.Length) : count);
    }

    /// <summary>Writes at the end, wherever another writer has moved it meanwhile.</summary>
    public static Result<int, ErrorCode> Append(SafeFileHandle file, ReadOnlySpan<byte> bytes) => Count(LibC.Append(file, bytes));

    static Result<int, ErrorCode> Count(nint count) => count >= 0 ? (int)count : Errno.ToErrorCode(Marshal.GetLastPInvokeError());
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasm;

/// <summary>
/// What a part of a memory holds at first, in a file that instances map privately: pages cost nothing until they are used, and a copy when they are
/// written. The file's part lives as long as this object, so every memory that maps it keeps it.
/// </summary>
sealed class MemoryImage : SafeHandle
{
    readonly SafeFileHandle _file;

    MemoryImage(SafeFileHandle file, long fileOffset, long start, long size)
        : base(-1, ownsHandle: true)
    {
        _file = file;
        SetHandle((nint)fileOffset);
        Start = start;
        Size = size;
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>Where in the memory it begins; a multiple of the system's page size, as is <see cref="Size"/>.</summary>
    internal long Start { get; }

    internal long Size { get; }

    internal long FileOffset => handle;

    internal SafeFileHandle File => _file;

    /// <summary>Null where the system has no such files, or no room.</summary>
    /// <param name="segments">In the order they are written, all inside the memory.</param>
    /// <param name="start">First byte that any of them writes.</param>
    /// <param name="end">One past the last.</param>
    internal static MemoryImage? TryCreate(IReadOnlyList<(long Address, ReadOnlyMemory<byte> Bytes)> segments, long start, long end)
    {
        var page = Environment.SystemPageSize;
        start &= -page;
        var size = (end - start + page - 1) & -page;
        if (ImageFile.Handle is not { } file || ImageFile.Reserve(file, size) is not { } offset)
            return null;
        try
        {
            foreach (var (address, bytes) in segments)
                RandomAccess.Write(file, bytes.Span, offset + address - start);
        }
        catch (IOException) // the system is short of memory: then the segments are copied, as elsewhere
        {
            ImageFile.Release(file, offset, size);
            return null;
        }

        return new MemoryImage(file, offset, start, size);
    }

    /// <summary>Reads bytes of the image.</summary>
    /// <param name="address">Where in the memory, within the image.</param>
    /// <param name="bytes">Takes them.</param>
    internal void Read(long address, Span<byte> bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(_file, bytes[done..], FileOffset + address - Start + done);
            if (read == 0)
                throw new EndOfStreamException("an image of a memory is shorter than it was made");
            done += read;
        }
    }

    protected override bool ReleaseHandle()
    {
        ImageFile.Release(_file, FileOffset, Size);
        return true;
    }
}

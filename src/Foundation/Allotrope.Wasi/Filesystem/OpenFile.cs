using System.Runtime.InteropServices;
using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>
/// A file or directory of the host that a guest has open, and the room that it counts in. Reads and writes at places of a file; what has no places (pipes,
/// terminals) as it comes.
/// </summary>
sealed class OpenFile : IDisposable
{
    readonly SafeFileHandle _handle;
    readonly DiskRoom? _room; // of a file
    readonly bool _isCounted;

    /// <param name="handle">Its own.</param>
    /// <param name="room">Null: whatever the disk has. Where it is not, <see cref="DiskRoom.Enter"/> has been called.</param>
    /// <param name="stat">What it is.</param>
    public OpenFile(SafeFileHandle handle, DiskRoom? room, FileStat stat)
    {
        (_handle, Room, _room) = (handle, room, stat.Type == DescriptorType.RegularFile ? room : null);
        if (_isCounted = stat.Type is DescriptorType.RegularFile or DescriptorType.Directory)
            room?.Opened(stat);
    }

    public SafeFileHandle Handle => _handle;

    /// <summary>In which the file, or what is in the directory, counts.</summary>
    public DiskRoom? Room { get; }

    /// <summary>0 bytes are the end.</summary>
    public Result<int, ErrorCode> Read(Span<byte> bytes, long offset)
    {
        var count = LibC.ReadAt(_handle, bytes, (nuint)bytes.Length, offset);
        return Count(count < 0 && Marshal.GetLastPInvokeError() == Errno.IllegalSeek ? LibC.Read(_handle, bytes, (nuint)bytes.Length) : count);
    }

    public Result<int, ErrorCode> Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_room is null)
            return WriteNow(bytes, offset);
        using var turn = _room.Enter();
        if (Lacks(_room, offset, bytes.Length, out var before))
            return ErrorCode.InsufficientSpace;
        var count = WriteNow(bytes, offset);
        Settle(_room, before);
        return count;
    }

    /// <summary>Writes at the end, wherever another writer has moved it meanwhile.</summary>
    public Result<int, ErrorCode> Append(ReadOnlySpan<byte> bytes)
    {
        if (_room is null)
            return Count(LibC.Append(_handle, bytes));
        using var turn = _room.Enter();
        if (Lacks(_room, Length(), bytes.Length, out var before))
            return ErrorCode.InsufficientSpace;
        var count = Count(LibC.Append(_handle, bytes));
        Settle(_room, before);
        return count;
    }

    public Result<Unit, ErrorCode> SetSize(long size)
    {
        if (_room is null)
            return Done(LibC.Truncate(_handle, size));
        using var turn = _room.Enter();
        if (Lacks(_room, 0, size, out var before))
            return ErrorCode.InsufficientSpace;
        var done = Done(LibC.Truncate(_handle, size));
        Settle(_room, before);
        return done;
    }

    /// <summary>Room on the disk for part of the file; makes it longer where the part ends beyond it.</summary>
    public Result<Unit, ErrorCode> Allocate(long offset, long length)
    {
        if (_room is null)
            return AllocateNow(offset, length);
        using var turn = _room.Enter();
        if (Lacks(_room, offset, length, out var before))
            return ErrorCode.InsufficientSpace;
        var done = AllocateNow(offset, length);
        Settle(_room, before);
        return done;
    }

    /// <summary>A second descriptor of the same open file.</summary>
    public Result<OpenFile, ErrorCode> Duplicate()
    {
        const int duplicateCloseOnExec = 1030;
        var copy = LibC.Control(_handle, duplicateCloseOnExec, 0);
        if (copy < 0)
            return Errno.ToErrorCode(Marshal.GetLastPInvokeError());
        var handle = new SafeFileHandle(copy, ownsHandle: true);
        if (Room is null)
            return new OpenFile(handle, null, default);
        using var turn = Room.Enter();
        return new OpenFile(handle, Room, Stat());
    }

    public void Dispose()
    {
        if (Room is null || !_isCounted || _handle.IsClosed)
        {
            _handle.Dispose();
            return;
        }
        using var turn = Room.Enter();
        Room.Closed(Stat());
        _handle.Dispose();
    }

    Result<int, ErrorCode> WriteNow(ReadOnlySpan<byte> bytes, long offset)
    {
        var count = LibC.WriteAt(_handle, bytes, (nuint)bytes.Length, offset);
        return Count(count < 0 && Marshal.GetLastPInvokeError() == Errno.IllegalSeek ? LibC.Write(_handle, bytes, (nuint)bytes.Length) : count);
    }

    Result<Unit, ErrorCode> AllocateNow(long offset, long length) =>
        LibC.Allocate(_handle, offset, length) is var error and not 0 ? Errno.ToErrorCode(error) : default(Unit);

    /// <summary>Whether there is no room for the file to reach beyond <paramref name="offset"/> by <paramref name="length"/>.</summary>
    bool Lacks(DiskRoom room, long offset, long length, out long before)
    {
        before = Length();
        return length > long.MaxValue - offset || !room.Has(offset + length - before);
    }

    void Settle(DiskRoom room, long before) => room.Take(Length() - before);

    long Length() => (long)Stat().Size;

    /// <exception cref="IOException">The kernel does not say, of a file that is open.</exception>
    FileStat Stat() => LibC.Stat(_handle, "", LibC.EmptyPath, LibC.BasicStatistics, out var stat) == 0
        ? stat
        : throw new IOException($"an open file cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}");

    static Result<int, ErrorCode> Count(nint count) => count >= 0 ? (int)count : Errno.ToErrorCode(Marshal.GetLastPInvokeError());

    static Result<Unit, ErrorCode> Done(int result) => result >= 0 ? default(Unit) : Errno.ToErrorCode(Marshal.GetLastPInvokeError());
}

using System.Buffers.Binary;
using Allotrope.Components;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Preview1;

/// <summary>What is in files, directories and standard streams.</summary>
public sealed partial class Preview1Host
{
    const int EntryHead = 24;

    void AddContents(HostFunctions functions)
    {
        functions.Add("fd_read", ReadAsync);
        functions.Add("fd_write", WriteAsync);
        functions.Add("fd_pread", (GuestMemory memory, int number, int parts, int count, long offset, int result) =>
        {
            var file = _files.Seekable(number, Rights.FdRead | Rights.FdSeek);
            return Read(memory, file, memory.Parts(parts, count), (ulong)offset, result, out _);
        });
        functions.Add("fd_pwrite", (GuestMemory memory, int number, int parts, int count, long offset, int result) =>
        {
            var file = _files.Seekable(number, Rights.FdWrite | Rights.FdSeek);
            return Write(memory, memory.Parts(parts, count), result, (bytes, done) => file.Write(bytes, (ulong)offset + done), out _);
        });
        functions.Add("fd_seek", (GuestMemory memory, int number, long offset, int whence, int result) => Seek(memory, number, offset, whence, result));
        functions.Add("fd_tell", (GuestMemory memory, int number, int result) =>
        {
            _files.Seekable(number, Rights.FdTell);
            memory.WriteInt64(result, (ulong)_files[number].Position);
            return ErrorNumber.Success;
        });
        functions.Add("fd_readdir", (GuestMemory memory, int number, int buffer, int length, long cookie, int result) =>
            ReadDirectory(memory, number, buffer, length, cookie, result));
    }

    async ValueTask<ErrorNumber> ReadAsync(GuestMemory memory, int number, int list, int count, int result)
    {
        var file = _files.With(number, Rights.FdRead);
        var parts = memory.Parts(list, count);
        memory.WriteInt32(result, 0);
        if (file.Descriptor is { } descriptor)
        {
            var outcome = Read(memory, _files.Seekable(number, Rights.FdRead), parts, (ulong)file.Position, result, out var read);
            file.Position += (long)read;
            return outcome;
        }

        var wanted = (ulong)parts.Sum(part => part.Length);
        var input = file.Input!;
        var taken = (file.Flags & GuestFile.NonBlocking) != 0 ? input.Read(wanted) : await input.BlockingRead(wanted);
        if (!taken.IsOk)
            return taken.Error is StreamError.Closed ? ErrorNumber.Success : ErrorNumber.Io;
        if (taken.Value.IsEmpty && wanted > 0)
            return ErrorNumber.Again;
        var bytes = taken.Value.Span;
        foreach (var part in parts)
        {
            var now = bytes[..(int)Math.Min(part.Length, (uint)bytes.Length)];
            now.CopyTo(memory.Span(part.Address, part.Length));
            bytes = bytes[now.Length..];
        }

        memory.WriteInt32(result, (uint)taken.Value.Length);
        return ErrorNumber.Success;
    }

    static ErrorNumber Read(GuestMemory memory, Descriptor file, (uint Address, uint Length)[] parts, ulong offset, int result, out ulong done)
    {
        done = 0;
        memory.WriteInt32(result, 0);
        foreach (var part in parts)
        {
            var left = memory.Span(part.Address, part.Length);
            while (!left.IsEmpty)
            {
                var read = file.ReadInto(left, offset + done);
                if (!read.IsOk)
                    return done > 0 ? Finish(memory, result, done) : read.Error.Number;
                if (read.Value == 0)
                    return Finish(memory, result, done);
                done += (ulong)read.Value;
                left = left[read.Value..];
            }
        }

        return Finish(memory, result, done);
    }

    static ErrorNumber Finish(GuestMemory memory, int result, ulong done)
    {
        memory.WriteInt32(result, (uint)done);
        return ErrorNumber.Success;
    }

    async ValueTask<ErrorNumber> WriteAsync(GuestMemory memory, int number, int list, int count, int result)
    {
        var file = _files.With(number, Rights.FdWrite);
        var parts = memory.Parts(list, count);
        memory.WriteInt32(result, 0);
        if (file.Output is { } output)
            return await WriteAsync(memory, output, parts, (file.Flags & GuestFile.NonBlocking) != 0, result);
        var descriptor = _files.Seekable(number, Rights.FdWrite);
        var append = (file.Flags & GuestFile.Append) != 0;
        var written = Write(memory, parts, result, (bytes, done) => append ? descriptor.Append(bytes) : descriptor.Write(bytes, (ulong)file.Position + done), out var all);
        file.Position = append && all > 0 && descriptor.StatNow() is { IsOk: true, Value: var stat } ? (long)stat.Size : file.Position + (long)all;
        return written;
    }

    /// <summary>Writes what the stream takes; as little as one byte is no error.</summary>
    static async ValueTask<ErrorNumber> WriteAsync(GuestMemory memory, OutputStream output, (uint Address, uint Length)[] parts, bool atOnce, int result)
    {
        ulong done = 0;
        foreach (var part in parts)
        {
            for (uint at = 0; at < part.Length;)
            {
                var room = output.CheckWrite();
                if (room is { IsOk: true, Value: 0 } && done == 0 && !atOnce)
                {
                    await output.WaitAsync(output.Stop);
                    continue;
                }

                if (!room.IsOk || room.Value == 0)
                    return done > 0 ? Finish(memory, result, done) : room.IsOk ? ErrorNumber.Again : NumberOf(room.Error);
                var length = (uint)Math.Min(part.Length - at, room.Value);
                var written = output.Write(memory.Span(part.Address + at, length).ToArray());
                if (!written.IsOk)
                    return done > 0 ? Finish(memory, result, done) : NumberOf(written.Error);
                at += length;
                done += length;
            }
        }

        return Finish(memory, result, done);
    }

    static ErrorNumber NumberOf(StreamError error) => error is StreamError.Closed ? ErrorNumber.Pipe : ErrorNumber.Io;

    static ErrorNumber Write(
        GuestMemory memory, (uint Address, uint Length)[] parts, int result, Func<ReadOnlyMemory<byte>, ulong, Result<ulong, ErrorCode>> write, out ulong done)
    {
        done = 0;
        memory.WriteInt32(result, 0);
        foreach (var part in parts)
        {
            for (uint at = 0; at < part.Length;)
            {
                var written = write(memory.Span(part.Address + at, Math.Min(part.Length - at, OutputStream.Chunk)).ToArray(), done);
                if (!written.IsOk)
                    return done > 0 ? Finish(memory, result, done) : written.Error.Number;
                at += (uint)written.Value;
                done += written.Value;
            }
        }

        return Finish(memory, result, done);
    }

    ErrorNumber Seek(GuestMemory memory, int number, long offset, int whence, int result)
    {
        // To ask where one is needs no right to go elsewhere.
        var descriptor = _files.Seekable(number, offset == 0 && whence == 1 ? Rights.FdTell : Rights.FdSeek | Rights.FdTell);
        var file = _files[number];
        if (descriptor.Type != DescriptorType.RegularFile && descriptor.Type != DescriptorType.BlockDevice)
            return ErrorNumber.IllegalSeek;
        var stat = descriptor.StatNow();
        if (!stat.IsOk)
            return stat.Error.Number;
        Int128 from = whence switch
        {
            0 => 0,
            1 => file.Position,
            2 => (long)stat.Value.Size,
            _ => throw new Refusal(ErrorNumber.Invalid),
        };
        if (from + offset < 0 || from + offset > long.MaxValue)
            return from + offset < 0 ? ErrorNumber.Invalid : ErrorNumber.Overflow;
        memory.WriteInt64(result, (ulong)(from + offset));
        file.Position = (long)(from + offset);
        return ErrorNumber.Success;
    }

    /// <summary>Fills the guest's buffer to its end while there are entries; the last may be cut, and is read again by the cookie of the one before.</summary>
    ErrorNumber ReadDirectory(GuestMemory memory, int number, int buffer, int length, long cookie, int result)
    {
        var file = _files.With(number, Rights.FdReadDirectory);
        var folder = _files.Folder(number, Rights.FdReadDirectory);
        var room = memory.Span(buffer, length);
        memory.WriteInt32(result, 0);
        if (file.Entries is null)
        {
            var opened = folder.OpenEntries();
            if (!opened.IsOk)
                return opened.Error.Number;
            (file.Entries, file.EntriesAt) = (opened.Value, 0);
        }

        if (file.EntriesAt != cookie || cookie == 0)
        {
            if (file.Entries.Seek(cookie) is { IsOk: false, Error: var error })
                return error.Number;
            file.EntriesAt = cookie;
        }

        Span<byte> head = stackalloc byte[EntryHead];
        while (!room.IsEmpty)
        {
            var next = file.Entries.Next();
            if (!next.IsOk)
                return next.Error.Number;
            if (next.Value is not { } entry)
                break;
            head.Clear();
            BinaryPrimitives.WriteInt64LittleEndian(head, entry.Cookie);
            BinaryPrimitives.WriteUInt64LittleEndian(head[8..], entry.Inode);
            BinaryPrimitives.WriteUInt32LittleEndian(head[16..], (uint)entry.Name.Length);
            head[20] = GuestFile.TypeOf(entry.Type);
            var isWhole = room.Length >= head.Length + entry.Name.Length;
            room = Put(entry.Name, Put(head, room));
            // A cut entry is not behind us: whoever asks for it gives the cookie before it.
            file.EntriesAt = isWhole ? entry.Cookie : -1;
        }

        memory.WriteInt32(result, (uint)(length - room.Length));
        return ErrorNumber.Success;
    }

    static Span<byte> Put(scoped ReadOnlySpan<byte> bytes, Span<byte> room)
    {
        var now = bytes[..Math.Min(bytes.Length, room.Length)];
        now.CopyTo(room);
        return room[now.Length..];
    }
}

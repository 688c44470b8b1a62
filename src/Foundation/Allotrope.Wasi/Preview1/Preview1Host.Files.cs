using System.Buffers.Binary;
using Allotrope.Components;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Filesystem;

namespace Allotrope.Wasi.Preview1;

/// <summary>Descriptors: what they are, and their numbers.</summary>
public sealed partial class Preview1Host
{
    void AddFiles(HostFunctions functions)
    {
        functions.Add("fd_advise", (GuestMemory _, int file, long offset, long length, int advice) =>
            Done(_files.Seekable(file, Rights.FdAdvise).Advise((ulong)offset, (ulong)length, (Advice)advice)));
        functions.Add("fd_allocate", (GuestMemory _, int file, long offset, long length) =>
            Done(_files.Seekable(file, Rights.FdAllocate).Allocate((ulong)offset, (ulong)length)));
        functions.Add("fd_close", Close);
        functions.Add("fd_datasync", (GuestMemory _, int file) => Done(Synchronised(file, Rights.FdDataSync).SyncData()));
        functions.Add("fd_sync", (GuestMemory _, int file) => Done(Synchronised(file, Rights.FdSync).Sync()));
        functions.Add("fd_fdstat_get", Stat);
        functions.Add("fd_fdstat_set_flags", SetFlags);
        functions.Add("fd_fdstat_set_rights", (GuestMemory _, int file, long rights, long inheriting) => SetRights(file, rights, inheriting));
        functions.Add("fd_filestat_get", FileStat);
        functions.Add("fd_filestat_set_size", (GuestMemory _, int file, long size) => Done(_files.Seekable(file, Rights.FdSetSize).SetSize((ulong)size)));
        functions.Add("fd_filestat_set_times", (GuestMemory _, int file, long access, long modification, int flags) => SetTimes(file, access, modification, flags));
        functions.Add("fd_prestat_get", Prestat);
        functions.Add("fd_prestat_dir_name", PrestatName);
        functions.Add("fd_renumber", Renumber);
    }

    ErrorNumber Close(GuestMemory memory, int file)
    {
        _files.Close(file);
        return ErrorNumber.Success;
    }

    ErrorNumber Renumber(GuestMemory memory, int from, int to)
    {
        _files.Renumber(from, to);
        return ErrorNumber.Success;
    }

    Descriptor Synchronised(int number, Rights rights) => _files.With(number, rights).Descriptor ?? throw new Refusal(ErrorNumber.Invalid);

    ErrorNumber Stat(GuestMemory memory, int number, int result)
    {
        var file = _files[number];
        var stat = memory.Span(result, 24);
        stat.Clear();
        stat[0] = file.Type;
        BinaryPrimitives.WriteUInt16LittleEndian(stat[2..], (ushort)file.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[8..], (ulong)file.Rights);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[16..], (ulong)file.Inheriting);
        return ErrorNumber.Success;
    }

    ErrorNumber SetFlags(GuestMemory memory, int number, int flags)
    {
        const int settable = GuestFile.Append | GuestFile.NonBlocking;
        var file = _files.With(number, Rights.FdSetFlags);
        if ((flags & ~settable) != (file.Flags & ~settable))
            return ErrorNumber.Invalid; // how it is synchronised is said when it is opened
        file.Flags = flags;
        return ErrorNumber.Success;
    }

    /// <summary>Rights are given up and never got.</summary>
    ErrorNumber SetRights(int number, long rights, long inheriting)
    {
        var file = _files[number];
        if (((Rights)rights & ~file.Rights) != Rights.None || ((Rights)inheriting & ~file.Inheriting) != Rights.None)
            return ErrorNumber.NotCapable;
        (file.Rights, file.Inheriting) = ((Rights)rights, (Rights)inheriting);
        return ErrorNumber.Success;
    }

    ErrorNumber FileStat(GuestMemory memory, int number, int result)
    {
        var file = _files.With(number, Rights.FdStat);
        if (file.Descriptor is { } descriptor)
            return WriteStat(memory, result, descriptor.StatNow());
        var stat = memory.Span(result, 64);
        stat.Clear();
        stat[16] = file.Type;
        return ErrorNumber.Success;
    }

    static ErrorNumber WriteStat(GuestMemory memory, int result, Result<FileStat, ErrorCode> found)
    {
        if (!found.IsOk)
            return found.Error.Number;
        var file = found.Value;
        var stat = memory.Span(result, 64);
        stat.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(stat, file.Device);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[8..], file.Inode);
        stat[16] = GuestFile.TypeOf(file.Type);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[24..], file.Links);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[32..], file.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(stat[40..], Nanoseconds(file.Accessed));
        BinaryPrimitives.WriteUInt64LittleEndian(stat[48..], Nanoseconds(file.Modified));
        BinaryPrimitives.WriteUInt64LittleEndian(stat[56..], Nanoseconds(file.Changed));
        return ErrorNumber.Success;
    }

    static ulong Nanoseconds(FileTime time)
    {
        var date = time.ToDatetime();
        return date.Seconds * 1_000_000_000 + date.Nanoseconds;
    }

    ErrorNumber SetTimes(int number, long access, long modification, int flags) =>
        Done((_files.With(number, Rights.FdSetTimes).Descriptor ?? throw new Refusal(ErrorNumber.BadFile))
            .SetTimes(NewTime(access, flags), NewTime(modification, flags >> 2)));

    /// <summary>Of two flags, to the given time or to now, at most one.</summary>
    static NewTimestamp NewTime(long time, int flags) => (flags & 3) switch
    {
        0 => new NewTimestamp.NoChange(),
        1 => new NewTimestamp.Timestamp(new Datetime((ulong)time / 1_000_000_000, (uint)((ulong)time % 1_000_000_000))),
        2 => new NewTimestamp.Now(),
        _ => throw new Refusal(ErrorNumber.Invalid),
    };

    ErrorNumber Prestat(GuestMemory memory, int number, int result)
    {
        if (_files[number].PreopenName is not { } name)
            return ErrorNumber.BadFile;
        var stat = memory.Span(result, 8);
        stat.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(stat[4..], (uint)System.Text.Encoding.UTF8.GetByteCount(name));
        return ErrorNumber.Success;
    }

    ErrorNumber PrestatName(GuestMemory memory, int number, int address, int length)
    {
        if (_files[number].PreopenName is not { } name)
            return ErrorNumber.BadFile;
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        if (bytes.Length > (uint)length)
            return ErrorNumber.NameTooLong;
        bytes.CopyTo(memory.Span(address, bytes.Length));
        return ErrorNumber.Success;
    }

    static ErrorNumber Done<T>(Result<T, ErrorCode> result) => result.IsOk ? ErrorNumber.Success : result.Error.Number;
}

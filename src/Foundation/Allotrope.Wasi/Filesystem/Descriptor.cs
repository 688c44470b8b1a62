using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Allotrope.Components;
using Allotrope.Wasi.Clocks;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>A guest's <c>descriptor</c>: an open file or directory of the host, with what the guest may do with it.</summary>
sealed partial class Descriptor : IDescriptor
{
    readonly FileTable _table;
    readonly OpenFile _open;
    readonly DescriptorFlags _flags;
    readonly bool _stepwise;

    /// <param name="table">Counts and closes it.</param>
    /// <param name="file">Its own.</param>
    /// <param name="type">What it is.</param>
    /// <param name="flags">What the guest may do.</param>
    /// <param name="stepwise">Do without openat2.</param>
    public Descriptor(FileTable table, OpenFile file, DescriptorType type, DescriptorFlags flags, bool stepwise)
    {
        (_table, _open, Type, _flags, _stepwise) = (table, file, type, flags, stepwise);
        table.Add(this);
    }

    public DescriptorType Type { get; }

    public DescriptorFlags Flags => _flags;

    /// <summary>The open file, for what preview 1 asks beyond this.</summary>
    public SafeFileHandle File => _open.Handle;

    /// <summary>Null where there is as much as the disk has.</summary>
    DiskRoom? Room => _open.Room;

    bool MayChange => (_flags & DescriptorFlags.MutateDirectory) != DescriptorFlags.None;

    public Result<DescriptorFlags, ErrorCode> GetFlags() => _flags;

    public Result<DescriptorType, ErrorCode> GetType_() => Type;

    public Result<DescriptorStat, ErrorCode> Stat() => StatNow().Map(stat => stat.ToDescriptorStat());

    public Result<MetadataHashValue, ErrorCode> MetadataHash() => StatNow().Map(Hash);

    public bool IsSameObject(IDescriptor other) =>
        other is Descriptor { } ours && StatNow() is { IsOk: true, Value: var a } && ours.StatNow() is { IsOk: true, Value: var b } && (a.Device, a.Inode) == (b.Device, b.Inode);

    public Result<Unit, ErrorCode> SetTimes(NewTimestamp dataAccessTimestamp, NewTimestamp dataModificationTimestamp)
    {
        if ((_flags & (DescriptorFlags.Write | DescriptorFlags.MutateDirectory)) == DescriptorFlags.None)
            return Type == DescriptorType.Directory ? ErrorCode.ReadOnly : ErrorCode.NotPermitted;
        var times = Times(dataAccessTimestamp, dataModificationTimestamp);
        return times.IsOk ? Done(LibC.SetTimes(File, times.Value)) : times.Error;
    }

    public Result<Unit, ErrorCode> Sync() => Done(LibC.Sync(File));

    public Result<Unit, ErrorCode> SyncData() => Done(LibC.SyncContents(File));

    internal Result<FileStat, ErrorCode> StatNow() => StatOf(File, "", LibC.EmptyPath);

    static Result<FileStat, ErrorCode> StatOf(SafeFileHandle file, string name, int flags) =>
        LibC.Stat(file, name, flags, LibC.BasicStatistics, out var stat) == 0 ? stat : Errno.ToErrorCode(Marshal.GetLastPInvokeError());

    /// <summary>Of what a file is, not of what is in it: equal for two names of one file.</summary>
    static MetadataHashValue Hash(FileStat stat)
    {
        Span<byte> identity = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(identity, stat.Device);
        BinaryPrimitives.WriteUInt64LittleEndian(identity[8..], stat.Inode);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(identity, hash);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }

    Result<TimeSpec[], ErrorCode> Times(NewTimestamp access, NewTimestamp modification)
    {
        Result<TimeSpec, ErrorCode> first = Time(access), second = Time(modification);
        return !first.IsOk ? first.Error : second.IsOk ? new[] { first.Value, second.Value } : second.Error;
    }

    Result<TimeSpec, ErrorCode> Time(NewTimestamp time) => time switch
    {
        NewTimestamp.NoChange => TimeSpec.Unchanged,
        NewTimestamp.Now => Time(_table.Time.WallTime()),
        NewTimestamp.Timestamp { Value: var value } => Time(value),
        _ => ErrorCode.Invalid,
    };

    static Result<TimeSpec, ErrorCode> Time(Datetime time) =>
        time.Nanoseconds >= 1_000_000_000 ? ErrorCode.Invalid
        : time.Seconds > long.MaxValue ? ErrorCode.Overflow
        : new TimeSpec((long)time.Seconds, time.Nanoseconds);

    static Result<Unit, ErrorCode> Done(int result) => result >= 0 ? default(Unit) : Errno.ToErrorCode(Marshal.GetLastPInvokeError());

    public void Dispose()
    {
        _open.Dispose();
        _table.Remove(this);
    }
}

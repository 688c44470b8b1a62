using System.Runtime.InteropServices;
using Allotrope.Wasi.Clocks;

namespace Allotrope.Wasi.Filesystem;

/// <summary><c>struct statx</c> of man 2 statx, which is the same on all processors.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
struct FileStat
{
    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Size;

    [FieldOffset(64)]
    public FileTime Accessed;

    [FieldOffset(96)]
    public FileTime Changed;

    [FieldOffset(112)]
    public FileTime Modified;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;

    public readonly ulong Device => ((ulong)DeviceMajor << 32) | DeviceMinor;

    public readonly DescriptorType Type => (Mode & 0xf000) switch
    {
        0x1000 => DescriptorType.Fifo,
        0x2000 => DescriptorType.CharacterDevice,
        0x4000 => DescriptorType.Directory,
        0x6000 => DescriptorType.BlockDevice,
        0x8000 => DescriptorType.RegularFile,
        0xa000 => DescriptorType.SymbolicLink,
        0xc000 => DescriptorType.Socket,
        _ => DescriptorType.Unknown,
    };

    public readonly DescriptorStat ToDescriptorStat() => new(Type, Links, Size, Accessed.ToDatetime(), Modified.ToDatetime(), Changed.ToDatetime());
}

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
struct FileTime
{
    public long Seconds;
    public uint Nanoseconds;
    public int Reserved;

    /// <summary>The beginning of 1970 for what is before: WASI has no earlier times.</summary>
    public readonly Datetime ToDatetime() => Seconds < 0 ? default : new((ulong)Seconds, Nanoseconds);
}

/// <summary><c>struct timespec</c> on 64-bit machines, as man 2 utimensat takes it.</summary>
[StructLayout(LayoutKind.Sequential)]
readonly record struct TimeSpec(long Seconds, long Nanoseconds)
{
    public static readonly TimeSpec Now = new(0, 0x3fffffff), Unchanged = new(0, 0x3ffffffe);
}

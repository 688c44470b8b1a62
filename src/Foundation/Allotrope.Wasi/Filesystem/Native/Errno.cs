namespace Allotrope.Wasi.Filesystem;

/// <summary>Linux's error numbers (man 3 errno), which are the same on x64 and arm64, as WASI names them.</summary>
static class Errno
{
    public const int NotPermitted = 1, NoEntry = 2, Again = 11, Busy = 16, Exists = 17, CrossDevice = 18, NotDirectory = 20, IsDirectory = 21, Invalid = 22,
        IllegalSeek = 29, NoFunction = 38, Loop = 40;

    public static ErrorCode ToErrorCode(int errno) => errno switch
    {
        1 => ErrorCode.NotPermitted,
        2 => ErrorCode.NoEntry,
        4 => ErrorCode.Interrupted,
        5 => ErrorCode.Io,
        6 => ErrorCode.NoSuchDevice,
        9 => ErrorCode.BadDescriptor,
        11 => ErrorCode.WouldBlock,
        12 => ErrorCode.InsufficientMemory,
        13 => ErrorCode.Access,
        16 => ErrorCode.Busy,
        17 => ErrorCode.Exist,
        18 => ErrorCode.CrossDevice,
        19 => ErrorCode.NoDevice,
        20 => ErrorCode.NotDirectory,
        21 => ErrorCode.IsDirectory,
        22 => ErrorCode.Invalid,
        23 or 24 => ErrorCode.InsufficientMemory,
        25 => ErrorCode.NoTty,
        26 => ErrorCode.TextFileBusy,
        27 => ErrorCode.FileTooLarge,
        28 => ErrorCode.InsufficientSpace,
        29 => ErrorCode.InvalidSeek,
        30 => ErrorCode.ReadOnly,
        31 => ErrorCode.TooManyLinks,
        32 => ErrorCode.Pipe,
        35 => ErrorCode.Deadlock,
        36 => ErrorCode.NameTooLong,
        37 => ErrorCode.NoLock,
        39 => ErrorCode.NotEmpty,
        40 => ErrorCode.Loop,
        75 => ErrorCode.Overflow,
        84 => ErrorCode.IllegalByteSequence,
        90 => ErrorCode.MessageSize,
        95 => ErrorCode.Unsupported,
        114 => ErrorCode.Already,
        115 => ErrorCode.InProgress,
        122 => ErrorCode.Quota,
        131 => ErrorCode.NotRecoverable,
        _ => ErrorCode.Io,
    };
}

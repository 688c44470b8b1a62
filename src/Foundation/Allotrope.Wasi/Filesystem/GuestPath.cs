namespace Allotrope.Wasi.Filesystem;

/// <summary>What every path of a guest must be before the file system sees it.</summary>
static class GuestPath
{
    /// <summary>Why the path cannot be used; null when it can.</summary>
    public static ErrorCode? Refusal(string path) => path switch
    {
        "" => ErrorCode.NoEntry,
        ['/', ..] => ErrorCode.NotPermitted,
        _ when path.Contains('\0') => ErrorCode.Invalid,
        _ => null,
    };
}

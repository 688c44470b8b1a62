using Allotrope.Wasi.Filesystem;

namespace Allotrope.Wasi.Preview1;

/// <summary>Preview 1's <c>errno</c>.</summary>
enum ErrorNumber : ushort
{
    Success = 0,
    Again = 6,
    BadFile = 8,
    Fault = 21,
    IllegalSequence = 25,
    Invalid = 28,
    Io = 29,
    NameTooLong = 37,
    TooManyFiles = 33,
    NotSocket = 57,
    NotSupported = 58,
    Overflow = 61,
    Pipe = 64,
    IllegalSeek = 70,
    NotCapable = 76,
}

/// <summary>Ends a call with an error number.</summary>
sealed class Refusal(ErrorNumber number) : Exception($"{number}")
{
    public ErrorNumber Number => number;
}

static class ErrorNumbers
{
    /// <summary>By <see cref="ErrorCode"/>, in its order.</summary>
    static ReadOnlySpan<byte> Numbers =>
    [
        2, 6, 7, 8, 10, 16, 19, 20, 22, 25, 26, 27, 28, 29, 31, 32, 34, 35, 37, 43, 44, 46, 48, 51, 54, 55, 56, 58, 59, 60, 61, 63, 64, 69, 70, 74, 75,
    ];

    extension(ErrorCode code)
    {
        public ErrorNumber Number => (ErrorNumber)Numbers[(int)code];
    }
}

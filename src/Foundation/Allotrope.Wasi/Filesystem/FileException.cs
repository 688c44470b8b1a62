namespace Allotrope.Wasi.Filesystem;

/// <summary>What went wrong with a stream of a file, for <c>filesystem-error-code</c>.</summary>
sealed class FileException(ErrorCode code) : IOException($"the file could not be read or written: {code}")
{
    public ErrorCode Code => code;
}

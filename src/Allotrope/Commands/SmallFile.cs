namespace Allotrope.Commands;

/// <summary>Reads files that somebody named and that may be anything: what is read is bounded, whatever a file's length is said to be.</summary>
static class SmallFile
{
    /// <returns><see langword="null"/> when there are more bytes than that.</returns>
    public static async Task<byte[]?> ReadAsync(string path, int most, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: true);
        var bytes = new byte[most + 1]; // one more tells that it is too long
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return length <= most ? bytes[..length] : null;
    }
}

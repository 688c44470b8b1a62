using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>Reads an object's content, all of which is there.</summary>
/// <param name="dropped">The guest has dropped the stream.</param>
sealed class BlobInput(ReadOnlyMemory<byte> content, Action dropped) : InputStream
{
    ReadOnlyMemory<byte> _left = content;

    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override bool TryTake(int most, out ReadOnlyMemory<byte> bytes)
    {
        var wasOver = _left.IsEmpty;
        bytes = _left[..Math.Min(most, _left.Length)];
        _left = _left[bytes.Length..];
        return !wasOver;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _left = default;
        if (disposing)
            dropped();
    }
}

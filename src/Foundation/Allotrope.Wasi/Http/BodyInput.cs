using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>The stream of a body that came.</summary>
sealed class BodyInput(BodyReader body, Action dropped) : InputStream
{
    public override bool Ready => body.Ready;

    public override ValueTask WaitAsync(CancellationToken cancellation) => body.WaitAsync(cancellation);

    protected override bool TryTake(int most, out ReadOnlyMemory<byte> bytes) => body.TryTake(most, out bytes);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            dropped();
    }
}

namespace Allotrope.Wasi.Io;

/// <summary>An output that nobody wants to see.</summary>
public sealed class DiscardingOutput : OutputStream
{
    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override int? Room() => Chunk;

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
    }

    protected override void BeginFlush()
    {
    }
}

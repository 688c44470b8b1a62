namespace Allotrope.Wasi.Io;

/// <summary>An input at its end.</summary>
public sealed class EmptyInput : InputStream
{
    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override bool TryTake(int most, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return false;
    }
}

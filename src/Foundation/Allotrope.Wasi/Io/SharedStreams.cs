namespace Allotrope.Wasi.Io;

/// <summary>A stream given to a guest more than once, as standard input is: what it drops is its handle, not the stream.</summary>
sealed class SharedInput(InputStream stream) : InputStream
{
    public override bool Ready => stream.Ready;

    public override ValueTask WaitAsync(CancellationToken cancellation) => stream.WaitAsync(cancellation);

    protected override bool TryTake(int most, out ReadOnlyMemory<byte> bytes) => stream.Take(most, out bytes);
}

/// <summary>A stream given to a guest more than once, as standard output is: what it drops is its handle, not the stream.</summary>
sealed class SharedOutput(OutputStream stream) : OutputStream
{
    public override bool Ready => stream.Ready;

    public override ValueTask WaitAsync(CancellationToken cancellation) => stream.WaitAsync(cancellation);

    protected override int? Room() => stream.RoomNow();

    protected override void Put(ReadOnlySpan<byte> bytes) => stream.PutNow(bytes);

    protected override void BeginFlush() => stream.FlushNow();
}

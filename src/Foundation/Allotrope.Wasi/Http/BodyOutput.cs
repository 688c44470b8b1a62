using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>The stream of a body that the guest writes: no longer than its head has announced.</summary>
sealed class BodyOutput(PipeOutput pipe, ulong? announced, Func<ulong, ErrorCode> tooLong, Action moved, Action dropped) : OutputStream
{
    ulong _written;

    /// <summary>Bytes that the guest has written.</summary>
    public ulong Written => Volatile.Read(ref _written);

    public override bool Ready => pipe.Ready;

    public override ValueTask WaitAsync(CancellationToken cancellation) => pipe.WaitAsync(cancellation);

    protected override int? Room() => pipe.RoomNow();

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        Volatile.Write(ref _written, _written + (ulong)bytes.Length);
        if (_written > announced)
            throw new HttpFailure(tooLong(_written));
        pipe.PutNow(bytes);
        if (!bytes.IsEmpty)
            moved();
    }

    protected override void BeginFlush() => pipe.FlushNow();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            dropped();
    }
}

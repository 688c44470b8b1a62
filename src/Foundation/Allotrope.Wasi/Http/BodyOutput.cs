using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>The stream of a body that the guest writes: no longer than its head has announced.</summary>
sealed class BodyOutput(PipeOutput pipe, ulong? announced, Func<ulong, ErrorCode> tooLong, Action moved, Action dropped) : OutputStream
{
    ulong _written;
    bool _closed;

    /// <summary>Bytes that the guest has written.</summary>
    public ulong Written => Volatile.Read(ref _written);

    public override bool Ready => _closed || pipe.Ready;

    public override ValueTask WaitAsync(CancellationToken cancellation) => _closed ? default : pipe.WaitAsync(cancellation);

    /// <summary>Nobody will ever read it. Called when the guest does not wait for it.</summary>
    public void Close() => _closed = true;

    protected override int? Room() => _closed ? null : pipe.RoomNow();

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

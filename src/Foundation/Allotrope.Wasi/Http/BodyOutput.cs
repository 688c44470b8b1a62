using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>The stream of a body that the guest writes: no longer than its head has announced.</summary>
sealed class BodyOutput(PipeOutput pipe, ulong? announced, Func<ulong, ErrorCode> tooLong, Action dropped) : OutputStream
{
    /// <summary>Bytes that the guest has written.</summary>
    public ulong Written { get; private set; }

    public override bool Ready => pipe.Ready;

    public override ValueTask WaitAsync(CancellationToken cancellation) => pipe.WaitAsync(cancellation);

    protected override int? Room() => pipe.RoomNow();

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        Written += (ulong)bytes.Length;
        if (Written > announced)
            throw new HttpFailure(tooLong(Written));
        pipe.PutNow(bytes);
    }

    protected override void BeginFlush() => pipe.FlushNow();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            dropped();
    }
}

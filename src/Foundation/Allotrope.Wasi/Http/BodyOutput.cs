using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>The stream of a body that the guest writes: no longer than its head has announced.</summary>
sealed class BodyOutput(PipeOutput pipe, ulong? announced, Func<ulong, ErrorCode> tooLong, HeldBody held, Action dropped) : OutputStream, IWaitable
{
    ulong _written;
    bool _closed;

    /// <summary>Bytes that the guest has written.</summary>
    public ulong Written => Volatile.Read(ref _written);

    public override bool Ready => _closed || pipe.Ready;

    /// <summary>Nobody makes room in a body before its message has been sent, which is the guest's to do.</summary>
    public bool IsOwn => !held.Goes;

    public override ValueTask WaitAsync(CancellationToken cancellation) => _closed ? default : pipe.WaitAsync(cancellation);

    /// <summary>Nobody will ever read it. Called when the guest does not wait for it.</summary>
    public void Close() => _closed = true;

    protected override void Block()
    {
        if (!held.Goes && !Ready)
            throw new ComponentTrap("the component waits for room in a body that nobody reads: its message must be sent first (response-outparam.set, outgoing-handler.handle)");
    }

    protected override int? Room() => _closed ? null : pipe.RoomNow();

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        Volatile.Write(ref _written, _written + (ulong)bytes.Length);
        if (_written > announced)
            throw new HttpFailure(tooLong(_written));
        pipe.PutNow(bytes);
        if (!bytes.IsEmpty)
            held.Move();
    }

    protected override void BeginFlush() => pipe.FlushNow();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            dropped();
    }
}

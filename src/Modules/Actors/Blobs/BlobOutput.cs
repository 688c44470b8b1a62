using System.Diagnostics.CodeAnalysis;
using Allotrope.Contracts;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors;

/// <summary>Takes what a guest writes as an object, and sends it on piece by piece.</summary>
[SuppressMessage("Usage", "VSTHRD002", Justification = "asked for when it is over")]
[SuppressMessage("Usage", "VSTHRD003", Justification = "begun here")]
sealed class BlobOutput(OutgoingBlob blob) : OutputStream
{
    const int PieceBytes = BlobCall.MostBytes;

    byte[] _piece = [];
    int _length; // of the piece
    long _sent;
    Task _sending = Task.CompletedTask;
    bool _isClosed;

    public override bool Ready => _sending.IsCompleted;

    public override async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Sends the rest, and gives the length of all.</summary>
    /// <exception cref="Kernel.FaultException">What the provider refused.</exception>
    public async ValueTask<long> CompleteAsync()
    {
        await _sending;
        if (_length > 0)
            Send();
        await _sending;
        Close();
        return _sent;
    }

    /// <summary>Takes no more. The guest may have the stream still.</summary>
    public void Close() => (_isClosed, _piece) = (true, []);

    protected override int? Room()
    {
        if (!_sending.IsCompleted)
            return 0;
        _sending.GetAwaiter().GetResult(); // what went wrong is the guest's to know
        return PieceBytes - _length;
    }

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        if (_isClosed)
            throw new IOException("The object has been finished or dropped.");
        while (!bytes.IsEmpty)
        {
            if (_length == 0)
                _piece = new byte[PieceBytes]; // the last one is the bus's
            var now = bytes[..Math.Min(bytes.Length, PieceBytes - _length)];
            now.CopyTo(_piece.AsSpan(_length));
            _length += now.Length;
            bytes = bytes[now.Length..];
            if (_length == PieceBytes)
                Send();
        }
    }

    /// <summary>What has been written is here or there, and in both places nobody's to see before it is finished.</summary>
    protected override void BeginFlush()
    {
    }

    void Send()
    {
        _sending = blob.AppendAsync(_sent, _piece.AsMemory(0, _length));
        (_sent, _length) = (_sent + _length, 0);
    }
}

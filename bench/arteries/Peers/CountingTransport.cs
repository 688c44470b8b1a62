using Allotrope.Artery;

namespace Allotrope.Bench.Arteries.Peers;

/// <summary>Counts what a client's end of an artery carries.</summary>
sealed class CountingTransport(IArteryTransport inner) : IArteryTransport
{
    long _sent;
    long _received;

    public long Bytes => _sent + _received;

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        _sent += WebSocketBytes.Of(frame.Length, masked: true);
        return inner.SendAsync(frame, cancellation);
    }

    public async ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation)
    {
        var frame = await inner.ReceiveAsync(maxBytes, cancellation);
        _received += WebSocketBytes.Of(frame.Bytes.Length, masked: false);
        return frame;
    }

    public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) => inner.CloseAsync(code, text, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

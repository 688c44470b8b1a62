namespace Allotrope.Artery;

/// <summary>What carries frames: a WebSocket, or memory inside one process. One caller sends and one receives at a time.</summary>
public interface IArteryTransport : IAsyncDisposable
{
    /// <summary>Sends one frame whole. Waits while the other side does not take it.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation);

    /// <summary>The next frame, whole; its bytes are valid until the next call.</summary>
    /// <param name="maxBytes">Beyond which a frame is refused before memory is taken for it.</param>
    /// <exception cref="ArteryException">The frame is too large, or of another type than this transport carries.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation);

    /// <summary>Says farewell; what was sent before still arrives. Receiving goes on until the other side says farewell too.</summary>
    ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation);
}

/// <summary>A frame, or the other side's farewell.</summary>
/// <param name="Closed">Why the other side closed; <see langword="null"/> with a frame.</param>
public readonly record struct ReceivedFrame(ReadOnlyMemory<byte> Bytes, CloseCode? Closed = null, string Text = "");

using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Allotrope.Artery;

/// <summary>
/// Frames as messages of a WebSocket, which it owns. <paramref name="messages"/> is <see cref="WebSocketMessageType.Binary"/> for <c>artery.v1</c>
/// and <see cref="WebSocketMessageType.Text"/> for the original JSON; a message of the other type is refused.
/// </summary>
public sealed class WebSocketTransport(WebSocket socket, WebSocketMessageType messages = WebSocketMessageType.Binary) : IArteryTransport
{
    /// <summary>The subprotocol to ask for.</summary>
    public const string Subprotocol = "artery.v1";

    /// <summary>The path to ask for.</summary>
    public const string Path = "/artery";

    // RFC 6455 5.5: a control frame has at most 125 bytes, two of which are the code
    const int MaxReasonBytes = 123;

    // Most batches fit the first at once; what grew beyond the second for one large frame is not kept for the connection's life
    const int FirstBytes = 2 * 1024;
    const int KeptBytes = 128 * 1024;

    byte[] _received = new byte[FirstBytes];

    // Of the two that run for every frame, what they hold while they wait is used again
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        try
        {
            await socket.SendAsync(frame, messages, endOfMessage: true, cancellation);
        }
        catch (Exception lost) when (lost is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException("The WebSocket is lost.", lost);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation)
    {
        var length = 0;
        if (_received.Length > KeptBytes)
            _received = new byte[FirstBytes];
        try
        {
            while (true)
            {
                if (length == _received.Length)
                    Grow(maxBytes);
                var part = await socket.ReceiveAsync(_received.AsMemory(length), cancellation);
                if (part.MessageType == WebSocketMessageType.Close)
                    return Farewell();
                if (part.MessageType != messages)
                    throw ArteryException.Malformed($"A {part.MessageType} message came where only {messages} messages are spoken.");
                length += part.Count;
                if (length > maxBytes)
                    throw TooLarge(maxBytes);
                if (part.EndOfMessage)
                    return new ReceivedFrame(_received.AsMemory(0, length));
            }
        }
        catch (Exception lost) when (lost is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException("The WebSocket is lost.", lost);
        }
    }

    public async ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        try
        {
            // A peer may have closed with a code that may not be sent; its farewell is then answered with the plain one
            var status = (int)code is 1000 or 1001 or 1011 or (>= 3000 and <= 4999) ? (WebSocketCloseStatus)code : WebSocketCloseStatus.NormalClosure;
            await socket.CloseOutputAsync(status, Shorten(text), cancellation);
        }
        catch (Exception lost) when (lost is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException("The WebSocket is lost.", lost);
        }
    }

    public ValueTask DisposeAsync()
    {
        // A farewell that was said on both sides leaves nothing to abort; otherwise this frees a peer that would wait for one
        if (socket.State is not WebSocketState.Closed)
            socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    ReceivedFrame Farewell() =>
        new(default, (CloseCode)(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure), PlainText.Of(socket.CloseStatusDescription ?? ""));

    void Grow(int maxBytes)
    {
        // One byte more than allowed, so that the frame that is too large shows itself
        if (_received.Length > maxBytes)
            throw TooLarge(maxBytes);
        Array.Resize(ref _received, (int)Math.Min(_received.Length * 2L, maxBytes + 1L));
    }

    static ArteryException TooLarge(int maxBytes) => new(CloseCode.TooLarge, $"A frame has more than the {maxBytes} bytes that are allowed here.");

    static string Shorten(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > MaxReasonBytes)
            text = text[..^1];
        return text;
    }
}

using System.Buffers.Text;
using System.Net.WebSockets;

namespace Allotrope.Bench.Arteries.Peers;

/// <summary>
/// A client of a peer made of the bytes its protocol asks for and nothing else: no library between it and the socket, which is in the peer's favour.
/// </summary>
abstract class TextVoice : IVoice
{
    readonly ClientWebSocket _socket = new();
    byte[] _received = new byte[64 * 1024];
    Task _reading = Task.CompletedTask;
    long _sent;
    long _heard;

    public long Bytes => Interlocked.Read(ref _sent) + Interlocked.Read(ref _heard);

    /// <summary>What carries the protocol's messages.</summary>
    protected virtual WebSocketMessageType Type => WebSocketMessageType.Text;

    public async Task ConnectAsync(Uri address)
    {
        _socket.Options.Proxy = null;
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await _socket.ConnectAsync(address, CancellationToken.None);
        await GreetAsync();
        _reading = ReadAsync();
    }

    public abstract ValueTask SayAsync(long number);

    public abstract ValueTask SayAsync(long first, int count);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    protected abstract Task GreetAsync();

    /// <summary>Takes a message in; what it does not use up comes again with the next.</summary>
    /// <returns>Bytes used.</returns>
    protected abstract int Take(ReadOnlySpan<byte> message);

    protected ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        Interlocked.Add(ref _sent, WebSocketBytes.Of(message.Length, masked: true));
        return _socket.SendAsync(message, Type, endOfMessage: true, CancellationToken.None);
    }

    /// <summary>A message of the greeting.</summary>
    protected async Task<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_received.AsMemory(length), CancellationToken.None);
            length += part.Count;
            if (part.EndOfMessage)
                return _received.AsMemory(0, length);
        }
    }

    /// <summary>The digits at the start.</summary>
    protected static long Number(ReadOnlySpan<byte> text, out int length) => Utf8Parser.TryParse(text, out long number, out length)
        ? number
        : throw new BenchException("a peer sent something else than a number");

    protected static int Write(Span<byte> output, long number) => Utf8Formatter.TryFormat(number, output, out var length) ? length : 0;

    async Task ReadAsync()
    {
        var (length, start) = (0, 0);
        try
        {
            while (true)
            {
                if (length == _received.Length)
                    Array.Resize(ref _received, length * 2);
                var part = await _socket.ReceiveAsync(_received.AsMemory(length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                length += part.Count;
                if (!part.EndOfMessage)
                    continue;
                Interlocked.Add(ref _heard, WebSocketBytes.Of(length - start, masked: false));
                var used = Take(_received.AsSpan(0, length));
                _received.AsSpan(used, length - used).CopyTo(_received);
                start = length -= used;
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException)
        {
            // The bench is over
        }
    }
}

using System.Buffers;
using System.Threading.Channels;

namespace Allotrope.Artery;

/// <summary>
/// Two ends of a wire inside one process, for services in the core's own process and for tests. A full pipe makes its sender wait, as a socket does.
/// </summary>
public sealed class MemoryTransport : IArteryTransport
{
    // As much as a socket's buffers take of small frames before they push back
    const int PipeFrames = 64;

    readonly Channel<Message> _in;
    readonly Channel<Message> _out;
    byte[] _held = [];

    MemoryTransport(Channel<Message> incoming, Channel<Message> outgoing) => (_in, _out) = (incoming, outgoing);

    /// <summary>Makes the two ends.</summary>
    public static (MemoryTransport A, MemoryTransport B) CreatePair()
    {
        var options = new BoundedChannelOptions(PipeFrames) { SingleReader = true, SingleWriter = true };
        var ab = Channel.CreateBounded<Message>(options);
        var ba = Channel.CreateBounded<Message>(options);
        return (new(ba, ab), new(ab, ba));
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(bytes);
        try
        {
            await _out.Writer.WriteAsync(new Message(bytes, frame.Length, null, ""), cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException("The other end is closed.", closed);
        }
    }

    public async ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation)
    {
        Release();
        Message message;
        try
        {
            message = await _in.Reader.ReadAsync(cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException("The other end is gone.", closed);
        }

        if (message.Code is { } code)
            return new ReceivedFrame(default, code, message.Text);
        _held = message.Bytes;
        if (message.Length > maxBytes)
            throw new ArteryException(CloseCode.TooLarge, $"A frame has {message.Length} bytes; {maxBytes} are allowed here.");
        return new ReceivedFrame(message.Bytes.AsMemory(0, message.Length));
    }

    public async ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation)
    {
        try
        {
            await _out.Writer.WriteAsync(new Message([], 0, code, text), cancellation);
            _out.Writer.TryComplete();
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException("The other end is closed.", closed);
        }
    }

    public ValueTask DisposeAsync()
    {
        _out.Writer.TryComplete();
        _in.Writer.TryComplete();
        Release();
        return ValueTask.CompletedTask;
    }

    void Release()
    {
        if (_held.Length > 0)
            ArrayPool<byte>.Shared.Return(_held);
        _held = [];
    }

    readonly record struct Message(byte[] Bytes, int Length, CloseCode? Code, string Text);
}

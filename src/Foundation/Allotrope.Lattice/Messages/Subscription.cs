using System.Threading.Channels;

namespace Allotrope.Lattice;

/// <summary>
/// A live subscription around a bounded channel. When the reader falls behind, the oldest messages are dropped and counted, so that one slow
/// subscriber never holds up a publisher.
/// </summary>
public sealed class Subscription : IAsyncDisposable
{
    readonly Func<ValueTask> _close;
    readonly Channel<Message> _channel;
    long _dropped;

    /// <summary>Used by implementations of <see cref="ILattice"/>; <paramref name="close"/> detaches the subscription from its bus.</summary>
    public Subscription(string pattern, SubscriptionOptions options, Func<ValueTask> close)
    {
        Pattern = pattern;
        _close = close;
        _channel = Channel.CreateBounded<Message>(
            new BoundedChannelOptions(options.Capacity) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref _dropped));
    }

    public string Pattern { get; }

    /// <summary>How many messages were dropped because the reader was slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<Message> Messages => _channel.Reader;

    /// <summary>The messages as they come, until the subscription is disposed.</summary>
    public IAsyncEnumerable<Message> ReadAllAsync(CancellationToken cancellation = default) => _channel.Reader.ReadAllAsync(cancellation);

    /// <summary>Called by the bus. Never blocks; false once disposed.</summary>
    public bool Deliver(Message message) => _channel.Writer.TryWrite(message);

    public async ValueTask DisposeAsync()
    {
        await _close();
        _channel.Writer.TryComplete();
    }
}

/// <param name="QueueGroup">Each message goes to one member of a group; <see langword="null"/> receives every message.</param>
/// <param name="Capacity">How many messages wait for the reader before the oldest are dropped.</param>
public sealed record SubscriptionOptions(string? QueueGroup = null, int Capacity = LatticeLimits.SubscriptionCapacity);

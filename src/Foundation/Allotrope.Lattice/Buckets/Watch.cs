using System.Threading.Channels;

namespace Allotrope.Lattice;

/// <summary>
/// A live view of a bucket: first the present value of every matching key, then <see cref="WatchEvent.Current"/> once, then every change in
/// order. A watcher that falls behind is given the newest value of each key it missed, never an older one after a newer.
/// </summary>
public sealed class Watch(ChannelReader<WatchEvent> events, Func<ValueTask> close) : IAsyncDisposable
{
    public ChannelReader<WatchEvent> Events { get; } = events;

    public IAsyncEnumerable<WatchEvent> ReadAllAsync(CancellationToken cancellation = default) => Events.ReadAllAsync(cancellation);

    public ValueTask DisposeAsync() => close();
}

/// <summary>One thing a watcher is told.</summary>
public abstract record WatchEvent
{
    /// <summary>The key has this value now.</summary>
    public sealed record Put(BucketEntry Entry) : WatchEvent;

    /// <summary>The key was deleted or has expired.</summary>
    public sealed record Removed(string Key, long Revision) : WatchEvent;

    /// <summary>All that was there when the watch began has been told.</summary>
    public sealed record Current : WatchEvent;
}

namespace Allotrope.Lattice;

/// <summary>
/// A watchable key-value store on the bus. Keys are dot-separated tokens as in subjects. Revisions grow by at least one with every change of
/// any key of the bucket, so they order changes; 0 means "no such key".
/// </summary>
public interface IBucket
{
    string Name { get; }

    /// <summary>The newest value, or <see langword="null"/> when the key is absent, deleted or expired.</summary>
    ValueTask<BucketEntry?> GetAsync(string key, CancellationToken cancellation = default);

    /// <summary>Writes unconditionally and returns the new revision. <paramref name="timeToLive"/> overrides the bucket's.</summary>
    ValueTask<long> PutAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellation = default);

    /// <summary>
    /// Writes only if the key's newest revision is <paramref name="expectedRevision"/>; 0 creates.
    /// </summary>
    /// <exception cref="Kernel.FaultException"><see cref="Kernel.Fault.Conflict"/> when it is not.</exception>
    ValueTask<long> UpdateAsync(
        string key, ReadOnlyMemory<byte> value, long expectedRevision, TimeSpan? timeToLive = null, CancellationToken cancellation = default);

    /// <summary>
    /// Replaces the value by what <paramref name="change"/> makes of it, atomically, however many do so at once; never a conflict. The key keeps the
    /// end of its life, if it has one. Returns what is there then.
    /// </summary>
    /// <param name="change">
    /// Gets the newest value, <see langword="null"/> when absent. Quick and without effects that count, because it may be called again; a fault
    /// it throws is the caller's answer, and nothing changes.
    /// </param>
    ValueTask<BucketEntry?> ChangeAsync(string key, Func<BucketEntry?, BucketEdit> change, CancellationToken cancellation = default);

    /// <summary>Deletes the key if present, only at <paramref name="expectedRevision"/> when one is given; false when there was nothing to delete.</summary>
    ValueTask<bool> DeleteAsync(string key, long? expectedRevision = null, CancellationToken cancellation = default);

    /// <summary>The keys present now that match <paramref name="pattern"/>, in ordinal order.</summary>
    IAsyncEnumerable<string> KeysAsync(string pattern = ">", CancellationToken cancellation = default);

    /// <summary>The next keys present now, in ordinal order, at the cost of no more than these.</summary>
    /// <param name="after">The last key of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="most">How many at most.</param>
    ValueTask<IReadOnlyList<string>> KeysAfterAsync(string? after, int most, CancellationToken cancellation = default);

    /// <summary>Watches the keys that match <paramref name="pattern"/>. The watch is live when the task completes.</summary>
    ValueTask<Watch> WatchAsync(string pattern = ">", CancellationToken cancellation = default);

    /// <summary>The same of changes alone: what is there now is not told, and costs nothing.</summary>
    ValueTask<Watch> WatchChangesAsync(string pattern = ">", CancellationToken cancellation = default);
}

/// <param name="Value">Read-only and shared; never written after the put.</param>
public sealed record BucketEntry(string Key, ReadOnlyMemory<byte> Value, long Revision);

/// <param name="Name">Letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="TimeToLive">How long a value lives without being written again; <see langword="null"/> for ever.</param>
/// <param name="Durable">Survives a restart; every write is on disk before it is acknowledged.</param>
public sealed record BucketOptions(string Name, TimeSpan? TimeToLive = null, bool Durable = false);

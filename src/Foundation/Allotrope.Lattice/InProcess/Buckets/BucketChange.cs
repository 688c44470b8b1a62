using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>What happened to a key.</summary>
/// <param name="Held">What is there now; <see langword="null"/> when the key was removed.</param>
readonly record struct BucketChange(string Key, long Revision, HeldValue? Held)
{
    public static BucketChange Put(string key, ReadOnlyMemory<byte> value, long revision, DateTimeOffset? expires) =>
        new(key, revision, new HeldValue(new BucketEntry(key, value, revision), expires));

    public static BucketChange Remove(string key, long revision) => new(key, revision, Held: null);
}

/// <summary>The answer to a write.</summary>
/// <param name="Change"><see langword="null"/> when nothing was to be done, or not allowed.</param>
/// <param name="Entry">What is there after the write.</param>
readonly record struct BucketVerdict(BucketChange? Change, BucketEntry? Entry, Fault? Fault = null);

/// <summary>A value in memory.</summary>
/// <param name="Expires">The end of its life.</param>
sealed record HeldValue(BucketEntry Entry, DateTimeOffset? Expires)
{
    /// <summary>Bytes a key costs beside its characters and value, as measured: entry, table slot, place in the order and references, so that a bucket of tiny values is bounded too.</summary>
    const int Overhead = 168;

    public int Length => Overhead + 2 * Entry.Key.Length + Entry.Value.Length;

    public bool IsAlive(DateTimeOffset now) => Expires is null || Expires > now;
}

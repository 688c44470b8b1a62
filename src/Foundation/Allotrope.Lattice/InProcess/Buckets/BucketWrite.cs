namespace Allotrope.Lattice;

/// <summary>What somebody wants of a key: one of a value, its removal, or a change of what is there.</summary>
abstract record BucketWrite(string Key)
{
    /// <param name="Expected">The revision the key must have; <see langword="null"/> for any.</param>
    public sealed record Put(string Key, ReadOnlyMemory<byte> Value, long? Expected, DateTimeOffset? Expires) : BucketWrite(Key);

    /// <param name="Expected">The revision the key must have; <see langword="null"/> for any.</param>
    public sealed record Delete(string Key, long? Expected) : BucketWrite(Key);

    /// <param name="Expires">The end of its life if the key has none yet.</param>
    public sealed record Change(string Key, Func<BucketEntry?, BucketEdit> Make, DateTimeOffset? Expires) : BucketWrite(Key);

    /// <summary>Removes the key if it still has <paramref name="Revision"/> and its life is over.</summary>
    public sealed record Expire(string Key, long Revision) : BucketWrite(Key);
}

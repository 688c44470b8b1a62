using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>A bucket by the keys of guests, which may be any text.</summary>
sealed class GuestBucket(IBucket bucket)
{
    public async ValueTask<BucketEntry?> GetAsync(string key, CancellationToken cancellation) =>
        Unwrap(await bucket.GetAsync(GuestKey.Of(key).Encoded, cancellation));

    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive, CancellationToken cancellation)
    {
        var own = GuestKey.Of(key);
        await bucket.PutAsync(own.Encoded, own.Wrap(value), timeToLive, cancellation);
    }

    public ValueTask<long> UpdateAsync(string key, ReadOnlyMemory<byte> value, long revision, CancellationToken cancellation)
    {
        var own = GuestKey.Of(key);
        return bucket.UpdateAsync(own.Encoded, own.Wrap(value), revision, cancellation: cancellation);
    }

    /// <inheritdoc cref="IBucket.ChangeAsync"/>
    public async ValueTask<BucketEntry?> ChangeAsync(string key, Func<BucketEntry?, BucketEdit> change, CancellationToken cancellation)
    {
        var own = GuestKey.Of(key);
        return Unwrap(await bucket.ChangeAsync(own.Encoded, entry => change(Unwrap(entry)).Map(own.Wrap), cancellation));
    }

    public ValueTask<bool> DeleteAsync(string key, CancellationToken cancellation) =>
        bucket.DeleteAsync(GuestKey.Of(key).Encoded, cancellation: cancellation);

    /// <summary>Keys in the order of the bucket's own, and where to go on; null when these are the last.</summary>
    /// <param name="after">Where to begin, as given before; null at the beginning.</param>
    /// <param name="most">Keys at once.</param>
    public async ValueTask<(List<string> Keys, string? Next)> KeysAsync(string? after, int most, CancellationToken cancellation)
    {
        var page = await bucket.KeysAfterAsync(after, most + 1, cancellation); // one more, which tells whether there is another page
        List<string> keys = [];
        foreach (var encoded in page.Take(most))
            if (!GuestKey.IsHashed(encoded))
                keys.Add(GuestKey.Decode(encoded));
            else if (await bucket.GetAsync(encoded, cancellation) is { } entry && GuestKey.DecodeHashed(entry.Value) is { } key)
                keys.Add(key);
        return (keys, page.Count > most ? page[most - 1] : null);
    }

    static BucketEntry? Unwrap(BucketEntry? entry) => entry is null ? null : entry with { Value = GuestKey.Unwrap(entry.Value) };
}

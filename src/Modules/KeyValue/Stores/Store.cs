using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>The operations of the contracts on the bucket of one link. Every change is atomic, and on disk when it is answered.</summary>
sealed partial class Store(GuestBucket bucket)
{
    /// <summary>Adds to the number at <paramref name="key"/>, 0 when absent. Refuses to wrap around: a counter that jumps below zero is never meant.</summary>
    public async ValueTask<Int128> IncrementAsync(string key, Int128 by, NumberRange range, CancellationToken cancellation)
    {
        var sum = await bucket.ChangeAsync(key, entry => BucketEdit.Put(StoredValue.OfNumber(range.Add(NumberOf(entry, range), by))), cancellation);
        return range.Parse(StoredValue.ToBytes(sum!.Value).Span);
    }

    public async ValueTask<bool> ContainsAsync(string key, CancellationToken cancellation) => await bucket.GetAsync(key, cancellation) is not null;

    /// <summary>False when there was nothing.</summary>
    public ValueTask<bool> DeleteAsync(string key, CancellationToken cancellation) => bucket.DeleteAsync(key, cancellation);

    /// <summary><see langword="null"/> when absent.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when the value is none of text.</exception>
    public async ValueTask<string?> GetAsync(string key, CancellationToken cancellation) =>
        await bucket.GetAsync(key, cancellation) is { } entry ? StoredValue.ToText(entry.Value) : null;

    /// <param name="expires">Seconds until the value is gone; 0 for never.</param>
    public ValueTask SetAsync(string key, string value, uint expires, CancellationToken cancellation) =>
        bucket.PutAsync(key, StoredValue.OfText(value), expires == 0 ? null : TimeSpan.FromSeconds(expires), cancellation);

    static Int128 NumberOf(BucketEntry? entry, NumberRange range) => entry is null ? 0 : range.Parse(StoredValue.ToBytes(entry.Value).Span);
}

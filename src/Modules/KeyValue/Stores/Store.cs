using System.Globalization;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>The operations of the contract on the bucket of one link. Every change is atomic, and on disk when it is answered.</summary>
sealed partial class Store(IBucket bucket)
{
    /// <summary>Adds to the number at <paramref name="key"/>, 0 when absent. Refuses to wrap around: a counter that jumps below zero is never meant.</summary>
    public async ValueTask<int> IncrementAsync(string key, int by, CancellationToken cancellation)
    {
        var sum = await bucket.ChangeAsync(GuestKey.Encode(key), entry => BucketEdit.Put(StoredValue.OfText(Add(entry, by).ToString())), cancellation);
        return int.Parse(StoredValue.ToText(sum!.Value));
    }

    public async ValueTask<bool> ContainsAsync(string key, CancellationToken cancellation) =>
        await bucket.GetAsync(GuestKey.Encode(key), cancellation) is not null;

    /// <summary>False when there was nothing.</summary>
    public ValueTask<bool> DeleteAsync(string key, CancellationToken cancellation) => bucket.DeleteAsync(GuestKey.Encode(key), cancellation: cancellation);

    /// <summary><see langword="null"/> when absent.</summary>
    public async ValueTask<string?> GetAsync(string key, CancellationToken cancellation) =>
        await bucket.GetAsync(GuestKey.Encode(key), cancellation) is { } entry ? StoredValue.ToText(entry.Value) : null;

    /// <param name="expires">Seconds until the value is gone; 0 for never.</param>
    public async ValueTask SetAsync(string key, string value, uint expires, CancellationToken cancellation) => await bucket.PutAsync(
        GuestKey.Encode(key), StoredValue.OfText(value), expires == 0 ? null : TimeSpan.FromSeconds(expires), cancellation);

    static int Add(BucketEntry? entry, int by)
    {
        var text = entry is null ? "0" : StoredValue.ToText(entry.Value);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw new FaultException(new Fault.Invalid("key", "The value is not a 32-bit integer, so nothing can be added to it: set it to one first."));
        var sum = (long)number + by;
        return sum is >= int.MinValue and <= int.MaxValue
            ? (int)sum
            : throw new FaultException(new Fault.Exhausted($"{number} + {by} is beyond a 32-bit integer: set the value back before counting on."));
    }
}

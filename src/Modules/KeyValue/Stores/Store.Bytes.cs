using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.KeyValue;

sealed partial class Store
{
    /// <exception cref="FaultException">
    /// <see cref="Fault.Invalid"/> for what cannot be asked, or is no value; <see cref="Fault.Exhausted"/> beyond a bound.
    /// </exception>
    public async ValueTask<KeyValueReply> RunAsync(KeyValueOperation operation, CancellationToken cancellation) => operation switch
    {
        KeyValueOperation.Get get => new() { Entries = await GetManyAsync(get.Keys, cancellation) },
        KeyValueOperation.Set set => await SetManyAsync(set.Values, cancellation),
        KeyValueOperation.Delete delete => await DeleteManyAsync(delete.Keys, cancellation),
        KeyValueOperation.Exists exists => new() { Found = await ContainsAsync(exists.Key, cancellation) },
        KeyValueOperation.List list => await ListAsync(list.After, cancellation),
        KeyValueOperation.Increment add => new() { Number = await IncrementAsync(add.Key, add.By, new(add.Least, add.Most), cancellation) },
        KeyValueOperation.Swap swap => new() { Found = await SwapAsync(swap, cancellation) },
        _ => throw new FaultException(new Fault.NotFound($"The operation {operation.GetType().Name} is not known here.")),
    };

    async ValueTask<IReadOnlyList<KeyValueEntry?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        CheckCount(keys.Count);
        var (entries, length) = (new List<KeyValueEntry?>(keys.Count), 0L);
        foreach (var key in keys)
        {
            var entry = await bucket.GetAsync(key, cancellation) is { } found ? new KeyValueEntry(StoredValue.ToBytes(found.Value), found.Revision) : null;
            entries.Add(entry);
            CheckLength(length += entry?.Value.Length ?? 0);
        }
        return entries;
    }

    async ValueTask<KeyValueReply> SetManyAsync(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> values, CancellationToken cancellation)
    {
        CheckCount(values.Count);
        CheckLength(values.Sum(pair => (long)pair.Value.Length));
        var stored = values.Select(pair => (pair.Key, Value: StoredValue.OfBytes(pair.Value.Span))).ToList();
        foreach (var (key, _) in stored)
            GuestKey.Of(key); // refused before the first is written
        await AllAsync(stored.Select(pair => bucket.PutAsync(pair.Key, pair.Value, timeToLive: null, cancellation).AsTask()));
        return new();
    }

    async ValueTask<KeyValueReply> DeleteManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        CheckCount(keys.Count);
        foreach (var key in keys)
            GuestKey.Of(key);
        await AllAsync(keys.Select(key => bucket.DeleteAsync(key, cancellation).AsTask()));
        return new();
    }

    async ValueTask<KeyValueReply> ListAsync(string? after, CancellationToken cancellation)
    {
        var (keys, next) = await bucket.KeysAsync(after, KeyValueLimits.KeysPerPage, cancellation);
        return new() { Keys = keys, Next = next };
    }

    async ValueTask<bool> SwapAsync(KeyValueOperation.Swap swap, CancellationToken cancellation)
    {
        try
        {
            await bucket.UpdateAsync(swap.Key, StoredValue.OfBytes(swap.Value.Span), swap.Revision, cancellation);
            return true;
        }
        catch (FaultException error) when (error.Fault is Fault.Conflict)
        {
            return false;
        }
    }

    /// <summary>All at once, so that the record writes them together.</summary>
    static Task AllAsync(IEnumerable<Task> changes) => Task.WhenAll(changes);

    static void CheckCount(int count)
    {
        if (count > KeyValueLimits.KeysPerBatch)
            throw new FaultException(new Fault.Exhausted($"{count} keys at once; {KeyValueLimits.KeysPerBatch} are the most: ask in several calls."));
    }

    static void CheckLength(long length)
    {
        if (length > KeyValueLimits.BatchLength)
            throw new FaultException(new Fault.Exhausted(
                $"The values have more than {KeyValueLimits.BatchLength} bytes together, which are the most at once: ask in several calls."));
    }
}

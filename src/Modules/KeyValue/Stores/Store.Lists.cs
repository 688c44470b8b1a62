using Allotrope.Lattice;

namespace Allotrope.KeyValue;

sealed partial class Store
{
    /// <summary>Appends, and returns how many items the list has then.</summary>
    public async ValueTask<int> ListAddAsync(string name, string value, CancellationToken cancellation)
    {
        var list = await bucket.ChangeAsync(name, entry =>
            BucketEdit.Put(StoredValue.OfList([.. entry is null ? [] : StoredValue.ToList(entry.Value), value])), cancellation);
        return StoredValue.ToList(list!.Value).Count;
    }

    /// <summary>Removes every item equal to <paramref name="value"/>; false when there was none. A list without items is no more.</summary>
    public async ValueTask<bool> ListDeleteAsync(string name, string value, CancellationToken cancellation)
    {
        var removed = 0;
        await bucket.ChangeAsync(name, entry =>
        {
            if (entry is null)
                return BucketEdit.Keep;
            var list = StoredValue.ToList(entry.Value);
            removed = list.RemoveAll(item => item == value);
            return (removed, list.Count) switch
            {
                (0, _) => BucketEdit.Keep,
                (_, 0) => BucketEdit.Delete,
                _ => BucketEdit.Put(StoredValue.OfList(list)),
            };
        }, cancellation);
        return removed > 0;
    }

    /// <summary>Removes the list; false when there was none.</summary>
    public async ValueTask<bool> ListClearAsync(string name, CancellationToken cancellation)
    {
        var present = false;
        await bucket.ChangeAsync(name, entry =>
        {
            present = entry is not null && StoredValue.ToList(entry.Value) is not null;
            return BucketEdit.Delete;
        }, cancellation);
        return present;
    }

    /// <summary>The items from <paramref name="start"/> to <paramref name="stop"/>, both included, from 0; negative ones count from the end, -1 the last.</summary>
    public async ValueTask<IReadOnlyCollection<string>> ListRangeAsync(string name, int start, int stop, CancellationToken cancellation)
    {
        if (await bucket.GetAsync(name, cancellation) is not { } entry)
            return [];
        var list = StoredValue.ToList(entry.Value);
        var first = Math.Max(0L, start < 0 ? (long)list.Count + start : start);
        var last = Math.Min(list.Count - 1L, stop < 0 ? (long)list.Count + stop : stop);
        return first <= last ? list.GetRange((int)first, (int)(last - first + 1)) : [];
    }
}

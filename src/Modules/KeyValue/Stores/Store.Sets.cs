using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

sealed partial class Store
{
    /// <summary>How many items were added: 0 when <paramref name="value"/> was there already.</summary>
    public async ValueTask<int> SetAddAsync(string name, string value, CancellationToken cancellation)
    {
        var added = false;
        await bucket.ChangeAsync(name, entry =>
        {
            var set = entry is null ? new SortedSet<string>(StringComparer.Ordinal) : StoredValue.ToSet(entry.Value);
            added = set.Add(value);
            return added ? BucketEdit.Put(StoredValue.OfSet(set)) : BucketEdit.Keep;
        }, cancellation);
        return added ? 1 : 0;
    }

    /// <summary>How many items were removed. A set without items is no more.</summary>
    public async ValueTask<int> SetDeleteAsync(string name, string value, CancellationToken cancellation)
    {
        var removed = false;
        await bucket.ChangeAsync(name, entry =>
        {
            if (entry is null)
                return BucketEdit.Keep;
            var set = StoredValue.ToSet(entry.Value);
            removed = set.Remove(value);
            return (removed, set.Count) switch
            {
                (false, _) => BucketEdit.Keep,
                (_, 0) => BucketEdit.Delete,
                _ => BucketEdit.Put(StoredValue.OfSet(set)),
            };
        }, cancellation);
        return removed ? 1 : 0;
    }

    /// <summary>Removes the set; false when there was none.</summary>
    public async ValueTask<bool> SetClearAsync(string name, CancellationToken cancellation)
    {
        var present = false;
        await bucket.ChangeAsync(name, entry =>
        {
            present = entry is not null && StoredValue.ToSet(entry.Value) is not null;
            return BucketEdit.Delete;
        }, cancellation);
        return present;
    }

    /// <summary>The items in ordinal order.</summary>
    public async ValueTask<SortedSet<string>> SetQueryAsync(string name, CancellationToken cancellation) =>
        await bucket.GetAsync(name, cancellation) is { } entry ? StoredValue.ToSet(entry.Value) : [];

    public async ValueTask<SortedSet<string>> SetUnionAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        CheckCount(names);
        SortedSet<string> union = new(StringComparer.Ordinal);
        var length = 0L;
        foreach (var name in names)
            foreach (var item in await SetQueryAsync(name, cancellation))
                if (union.Add(item) && (length += item.Length) > KeyValueLimits.ValueLength)
                    throw new FaultException(new Fault.Exhausted(
                        $"The union of these sets is longer than {KeyValueLimits.ValueLength} characters: query them one by one."));
        return union;
    }

    public async ValueTask<SortedSet<string>> SetIntersectionAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        CheckCount(names);
        SortedSet<string>? common = null;
        foreach (var name in names)
        {
            var set = await SetQueryAsync(name, cancellation);
            if (common is null)
                common = set;
            else
                common.IntersectWith(set);
        }
        return common ?? [];
    }

    static void CheckCount(IReadOnlyList<string> names)
    {
        if (names.Count > KeyValueLimits.SetsPerQuery)
            throw new FaultException(new Fault.Invalid("sets", $"{names.Count} sets were named; {KeyValueLimits.SetsPerQuery} are the most in one query."));
    }
}

using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>
/// Decides writes against a state and the writes decided before them that are not applied yet, so that a whole batch can be decided, made
/// durable and only then shown.
/// </summary>
sealed class BucketJudge(string bucket, BucketState state)
{
    readonly Dictionary<string, BucketChange> _pending = [];
    long _length;
    int _changes;

    public BucketVerdict Decide(in BucketWrite write, DateTimeOffset now)
    {
        var (revision, length, alive) = Present(write.Key, now);
        var seen = alive ? revision : 0;
        if (write.Cause is WriteCause.Expiry)
            return revision == write.Expected && !alive ? Accept(write, length) : default;
        if (write.Value is null && seen == 0)
            return default;
        if (write.Expected is { } expected && expected != seen)
            return Refuse(new Fault.Conflict(seen == 0
                ? $"Key {write.Key} of bucket {bucket} is not there, but was expected at revision {expected}: create it, or read it again."
                : $"Key {write.Key} of bucket {bucket} is at revision {seen}, not {expected}: read it again, then decide anew."));
        if (state.Length + _length - length + LengthOf(write) > LatticeLimits.BucketLength && write.Value is not null)
            return Refuse(new Fault.Exhausted(
                $"Bucket {bucket} is full ({LatticeLimits.BucketLength / (1024 * 1024)} MiB): delete what is no longer needed."));
        return Accept(write, length);
    }

    /// <summary>Forgets what was pending, because it is applied now or will never be.</summary>
    public void Clear()
    {
        _pending.Clear();
        (_length, _changes) = (0, 0);
    }

    BucketVerdict Accept(in BucketWrite write, int lengthBefore)
    {
        var change = new BucketChange(write.Key, write.Value, state.Revision + ++_changes, write.Expires);
        _pending[write.Key] = change;
        _length += LengthOf(write) - lengthBefore;
        return new BucketVerdict(change);
    }

    (long Revision, int Length, bool Alive) Present(string key, DateTimeOffset now)
    {
        if (_pending.TryGetValue(key, out var change))
            return change.Value is { } value ? (change.Revision, key.Length + value.Length, change.Expires is not { } end || end > now) : default;
        return state.Find(key) is { } held ? (held.Entry.Revision, held.Length, held.IsAlive(now)) : default;
    }

    static int LengthOf(in BucketWrite write) => write.Value is { } value ? write.Key.Length + value.Length : 0;

    static BucketVerdict Refuse(Fault fault) => new(null, fault);
}

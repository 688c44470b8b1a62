using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>
/// Decides writes against a state and the writes decided before them that are not applied yet, so that a whole batch can be decided, made
/// durable and only then shown.
/// </summary>
sealed class BucketJudge(string bucket, BucketState state)
{
    readonly Dictionary<string, HeldValue?> _pending = [];
    long _length;
    int _changes;

    public BucketVerdict Decide(BucketWrite write, DateTimeOffset now)
    {
        var stored = _pending.TryGetValue(write.Key, out var pending) ? pending : state.Find(write.Key);
        var present = stored?.IsAlive(now) == true ? stored : null;
        try
        {
            return write switch
            {
                BucketWrite.Put put => Put(put, stored, present),
                BucketWrite.Delete delete => Delete(delete, present),
                BucketWrite.Change change => Change(change, stored, present),
                _ => present is null && stored?.Entry.Revision == ((BucketWrite.Expire)write).Revision ? Remove(stored) : default,
            };
        }
        catch (FaultException error)
        {
            return new BucketVerdict(null, null, error.Fault);
        }
    }

    /// <summary>Forgets what was pending, because it is applied now or will never be.</summary>
    public void Clear()
    {
        _pending.Clear();
        (_length, _changes) = (0, 0);
    }

    BucketVerdict Put(BucketWrite.Put put, HeldValue? stored, HeldValue? present)
    {
        CheckRevision(put.Key, put.Expected, present);
        return Keep(put.Key, put.Value, put.Expires, stored);
    }

    BucketVerdict Delete(BucketWrite.Delete delete, HeldValue? present)
    {
        if (present is null)
            return default;
        CheckRevision(delete.Key, delete.Expected, present);
        return Remove(present);
    }

    BucketVerdict Change(BucketWrite.Change change, HeldValue? stored, HeldValue? present)
    {
        BucketEdit edit;
        try
        {
            edit = change.Make(present?.Entry);
        }
        catch (Exception error) when (error is not FaultException)
        {
            throw new FaultException(new Fault.Failed(
                $"The change of key {change.Key} of bucket {bucket} failed unexpectedly ({error.GetType().Name}: {error.Message}): report it."), error);
        }
        return edit.Kind switch
        {
            EditKind.Put => Keep(change.Key, edit.Value, present?.Expires ?? change.Expires, stored),
            EditKind.Delete when present is not null => Remove(present),
            EditKind.Keep => new BucketVerdict(null, present?.Entry),
            _ => default,
        };
    }

    BucketVerdict Keep(string key, ReadOnlyMemory<byte> value, DateTimeOffset? expires, HeldValue? stored)
    {
        if (value.Length > LatticeLimits.ValueLength)
            throw new FaultException(new Fault.Invalid(
                key, $"The value of key {key} for bucket {bucket} has {value.Length} bytes; {LatticeLimits.ValueLength} are the most."));
        var change = BucketChange.Put(key, value, state.Revision + _changes + 1, expires);
        var growth = change.Held!.Length - (stored?.Length ?? 0);
        if (growth > 0 && state.Length + _length + growth > LatticeLimits.BucketLength)
            throw new FaultException(new Fault.Exhausted(
                $"Bucket {bucket} is full ({LatticeLimits.BucketLength / (1024 * 1024)} MiB): delete what is no longer needed."));
        return Accept(change, growth);
    }

    BucketVerdict Remove(HeldValue held) => Accept(BucketChange.Remove(held.Entry.Key, state.Revision + _changes + 1), -held.Length);

    BucketVerdict Accept(in BucketChange change, int growth)
    {
        _changes++;
        _length += growth;
        _pending[change.Key] = change.Held;
        return new BucketVerdict(change, change.Held?.Entry);
    }

    void CheckRevision(string key, long? expected, HeldValue? present)
    {
        var seen = present?.Entry.Revision ?? 0;
        if (expected is not null && expected != seen)
            throw new FaultException(new Fault.Conflict(seen == 0
                ? $"Key {key} of bucket {bucket} is not there, but was expected at revision {expected}: create it, or read it again."
                : $"Key {key} of bucket {bucket} is at revision {seen}, not {expected}: read it again, then decide anew."));
    }
}

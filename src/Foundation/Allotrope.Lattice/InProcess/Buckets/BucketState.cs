namespace Allotrope.Lattice;

/// <summary>The values of a bucket. Not safe for concurrent use; its bucket locks.</summary>
sealed class BucketState
{
    readonly Dictionary<string, HeldValue> _held = [];
    readonly KeyIndex _keys = new();
    readonly PriorityQueue<(string Key, long Revision), DateTimeOffset> _expiries = new();

    /// <summary>Of the newest change.</summary>
    public long Revision { get; private set; }

    /// <summary>Bytes of all there is, see <see cref="HeldValue.Length"/>.</summary>
    public long Length { get; private set; }

    /// <summary>When the next value ends its life; <see langword="null"/> for never.</summary>
    public DateTimeOffset? NextExpiry => _expiries.TryPeek(out _, out var due) ? due : null;

    /// <summary>Includes what has expired and is not removed yet.</summary>
    public IReadOnlyCollection<HeldValue> All => _held.Values;

    /// <summary>The keys beyond <paramref name="after"/>, likewise, in ordinal order; <see langword="null"/> for all.</summary>
    public IEnumerable<string> KeysAfter(string? after) => _keys.After(after);

    public HeldValue? Find(string key) => _held.GetValueOrDefault(key);

    public void Apply(in BucketChange change)
    {
        Revision = change.Revision;
        if (_held.Remove(change.Key, out var old))
            Length -= old.Length;
        if (change.Held is not { } held)
        {
            _keys.Remove(change.Key);
            return;
        }
        _held[change.Key] = held;
        if (old is null)
            _keys.Add(change.Key);
        Length += held.Length;
        if (held.Expires is { } expires)
            Schedule(held, expires);
    }

    /// <summary>Jumps ahead to the revision of a snapshot whose last changes were removals.</summary>
    public void Advance(long revision) => Revision = revision;

    /// <summary>Takes the next value whose life is over; false when there is none.</summary>
    public bool TryTakeExpired(DateTimeOffset now, out (string Key, long Revision) expired)
    {
        while (_expiries.TryPeek(out expired, out var due) && due <= now)
        {
            _expiries.Dequeue();
            if (Find(expired.Key)?.Entry.Revision == expired.Revision)
                return true;
        }
        return false;
    }

    /// <summary>Puts back what was taken by <see cref="TryTakeExpired"/>.</summary>
    public void ExpireLater((string Key, long Revision) expired, DateTimeOffset due) => _expiries.Enqueue(expired, due);

    void Schedule(HeldValue held, DateTimeOffset expires)
    {
        _expiries.Enqueue((held.Entry.Key, held.Entry.Revision), expires);
        // A key written again leaves its old expiry behind; most of the queue being such is the time to begin anew.
        if (_expiries.Count <= 64 + 2 * _held.Count)
            return;
        _expiries.Clear();
        foreach (var one in _held.Values)
            if (one.Expires is { } due)
                _expiries.Enqueue((one.Entry.Key, one.Entry.Revision), due);
    }
}

namespace Allotrope.Artery.Client;

/// <summary>
/// What waits for the core. A few intents at a time are handed to the link; those it had not written when it broke come first on the next.
/// </summary>
sealed class OutgoingQueue(Origin origin, QueueLimits limits, TimeProvider time)
{
    // Enough for full batches; what the link holds cannot be dropped by age
    const int HandedIntents = 64;
    const int HandedBytes = 1024 * 1024;

    readonly Lock _gate = new();
    readonly LinkedList<Entry> _handed = [];
    readonly LinkedList<Entry> _waiting = [];
    long _bytes;
    long _handedBytes;
    long _written;
    long _built;
    ArteryLink? _link;

    /// <summary>The smallest number that the link has still to be handed: what is missing below it will not come.</summary>
    public long Next
    {
        get
        {
            lock (_gate)
                return _waiting.First?.Value.Sequence ?? _built + 1;
        }
    }

    public long Dropped { get; private set; }

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count + _handed.Count;
        }
    }

    /// <returns>Why the service is to destroy itself, or <see langword="null"/>.</returns>
    public string? Add(string name, ReadOnlyMemory<byte> data, long? ack)
    {
        lock (_gate)
        {
            _waiting.AddLast(new Entry(name, ++_built, ArteryTime.Now(time), time.GetTimestamp(), data, ack));
            _bytes += data.Length;
            Feed();
            return Limit();
        }
    }

    /// <summary>Hands what waits to the link; <see langword="null"/> when there is none, which takes back what the last had not written.</summary>
    /// <returns>As for <see cref="Add"/>.</returns>
    public string? Attach(ArteryLink? link)
    {
        lock (_gate)
        {
            Trim();
            // A link that is replaced may still write what it has: said again, it could arrive twice
            if (link is not null && _link is not null)
                _handed.Clear();
            while (_handed.Last is { } last)
            {
                _handed.RemoveLast();
                _waiting.AddFirst(last.Value);
                _bytes += last.Value.Data.Length;
            }

            _handedBytes = 0;
            _link = link;
            Feed();
            return Limit();
        }
    }

    /// <summary>The link has written up to this one. Takes no lock: it is called with the link's held.</summary>
    public void Written(long sequence)
    {
        // A replaced link and its successor may both write for a moment
        for (var before = Volatile.Read(ref _written); before < sequence;)
        {
            var found = Interlocked.CompareExchange(ref _written, sequence, before);
            if (found == before)
                return;
            before = found;
        }
    }

    /// <summary>Hands over more, now that some is written.</summary>
    public void Pump()
    {
        lock (_gate)
            Feed();
    }

    /// <summary>Applies the limit of age.</summary>
    /// <returns>As for <see cref="Add"/>.</returns>
    public string? Age(TimeSpan silence)
    {
        lock (_gate)
        {
            if (limits.Age is not { } age || silence <= age || _waiting.Count == 0)
                return null;
            if (limits.Overflow == QueueOverflow.SelfDestruct)
                return $"No heartbeat came for {silence.TotalSeconds:0.0} s, and {_waiting.Count} intents wait.";
            while (_waiting.First is { } first && time.GetElapsedTime(first.Value.Added) > age)
                Drop();
            return null;
        }
    }

    void Feed()
    {
        Trim();
        while (_link is not null && _waiting.First is { } first && _handed.Count < HandedIntents && _handedBytes < HandedBytes)
        {
            var entry = first.Value;
            if (!_link.TrySend(new Intent(entry.Name, origin, entry.Sequence, entry.Time, entry.Data.Span, entry.Ack)))
                return;
            _waiting.RemoveFirst();
            _bytes -= entry.Data.Length;
            _handed.AddLast(entry);
            _handedBytes += entry.Data.Length;
        }
    }

    void Trim()
    {
        for (var written = Volatile.Read(ref _written); _handed.First is { } first && first.Value.Sequence <= written; _handed.RemoveFirst())
            _handedBytes -= first.Value.Data.Length;
    }

    string? Limit()
    {
        if (_waiting.Count <= limits.Count && _bytes <= limits.Bytes)
            return null;
        if (limits.Overflow == QueueOverflow.SelfDestruct)
            return $"{_waiting.Count} intents of {_bytes} bytes wait for the core; {limits.Count} of {limits.Bytes} may.";
        while (_waiting.Count > limits.Count || _bytes > limits.Bytes)
            Drop();
        return null;
    }

    void Drop()
    {
        _bytes -= _waiting.First!.Value.Data.Length;
        _waiting.RemoveFirst();
        Dropped++;
    }

    sealed record Entry(string Name, long Sequence, long Time, long Added, ReadOnlyMemory<byte> Data, long? Ack);
}

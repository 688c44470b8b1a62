namespace Allotrope.Actors;

/// <summary>What a pool looks at.</summary>
interface IPooledInstance : IDisposable
{
    /// <summary>When it was last returned to its pool, on the monitor's clock.</summary>
    long IdleSince { get; set; }

    /// <summary>Bytes of its memories. The same for as long as it is idle.</summary>
    long Weight { get; }

    /// <summary>Bytes its memory has grown by since it was made.</summary>
    long Growth { get; }
}

/// <summary>The idle instances of one revision, the one used last on top.</summary>
sealed class InstancePool<T> : IIdlePool, IDisposable
    where T : class, IPooledInstance
{
    readonly Lock _gate = new();
    readonly List<T> _idle = []; // what was used last lies on top, so those that were not needed for long are the first
    readonly GuestMonitor _monitor;
    readonly IdleMemory _memory;
    readonly int _capacity;
    readonly TimeSpan? _rest;
    bool _disposed;
    int _count;

    /// <param name="monitor">Whose clock counts.</param>
    /// <param name="memory">That of the node, which may take idle ones back at any time.</param>
    /// <param name="capacity">Instances at most.</param>
    /// <param name="rest">Of several instances, those go that have been idle for this long; null: they stay.</param>
    public InstancePool(GuestMonitor monitor, IdleMemory memory, int capacity, TimeSpan? rest = null)
    {
        (_monitor, _memory, _capacity, _rest) = (monitor, memory, capacity, rest);
        memory.Add(this);
    }

    public int Count => Volatile.Read(ref _count);

    public long? OldestSince
    {
        get
        {
            lock (_gate)
                return _idle.Count > 0 ? _idle[0].IdleSince : null;
        }
    }

    /// <summary>An idle instance, which is the caller's until it is returned or disposed; <see langword="null"/> when there is none.</summary>
    public T? Rent()
    {
        lock (_gate)
            return _idle.Count == 0 ? null : Take(_idle.Count - 1);
    }

    public void Return(T instance)
    {
        instance.IdleSince = _monitor.Now;
        var isKept = false;
        lock (_gate)
            if (!_disposed && _idle.Count < _capacity)
            {
                _idle.Add(instance);
                _count = _idle.Count;
                _memory.Count(instance.Weight);
                isKept = true;
            }

        if (isKept)
            _memory.Trim();
        else
            instance.Dispose();
    }

    public void GiveUpOldest()
    {
        T? oldest;
        lock (_gate)
            oldest = _idle.Count == 0 ? null : Take(0);
        oldest?.Dispose();
    }

    /// <summary>Gives up what has been idle for a while and holds on to much memory, which never shrinks, and all but one of what nobody needs.</summary>
    public void Trim()
    {
        List<T> given = [];
        lock (_gate)
        {
            for (var at = _idle.Count - 1; at >= 0; at--)
                if (_idle[at].Growth > ActorLimits.IdleGrowthBytes && _monitor.Since(_idle[at].IdleSince) >= ActorLimits.IdleInstance)
                    given.Add(Take(at));
            while (_idle.Count > 1 && _rest is { } time && _monitor.Since(_idle[0].IdleSince) >= time)
                given.Add(Take(0));
        }
        foreach (var instance in given)
            instance.Dispose();
    }

    public void Dispose()
    {
        _memory.Remove(this);
        List<T> idle = [];
        lock (_gate)
        {
            _disposed = true;
            while (_idle.Count > 0)
                idle.Add(Take(_idle.Count - 1));
        }
        foreach (var instance in idle)
            instance.Dispose();
    }

    T Take(int at)
    {
        var instance = _idle[at];
        _idle.RemoveAt(at);
        _count = _idle.Count;
        _memory.Count(-instance.Weight);
        return instance;
    }
}

namespace Allotrope.Actors;

/// <summary>What a pool looks at.</summary>
interface IPooledInstance : IDisposable
{
    /// <summary>When it was last returned to its pool, on the monitor's clock.</summary>
    long IdleSince { get; set; }

    /// <summary>Bytes its memory has grown by since it was made.</summary>
    long Growth { get; }
}

/// <summary>The idle instances of one revision, the one used last on top.</summary>
/// <param name="rest">Of several instances, those go that have been idle for this long; null: they stay.</param>
sealed class InstancePool<T>(GuestMonitor monitor, int capacity, TimeSpan? rest = null) : IDisposable
    where T : class, IPooledInstance
{
    readonly Lock _gate = new();
    readonly List<T> _idle = [];
    bool _disposed;
    int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>An idle instance, which is the caller's until it is returned or disposed; <see langword="null"/> when there is none.</summary>
    public T? Rent()
    {
        lock (_gate)
        {
            if (_idle.Count == 0)
                return null;
            var instance = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            _count = _idle.Count;
            return instance;
        }
    }

    public void Return(T instance)
    {
        instance.IdleSince = monitor.Now;
        lock (_gate)
        {
            if (!_disposed && _idle.Count < capacity)
            {
                _idle.Add(instance);
                _count = _idle.Count;
                return;
            }
        }
        instance.Dispose();
    }

    /// <summary>Gives up what has been idle for a while and holds on to much memory, which never shrinks, and all but one of what nobody needs.</summary>
    public void Trim()
    {
        List<T> given;
        lock (_gate)
        {
            given = _idle.FindAll(instance =>
                instance.Growth > ActorLimits.IdleGrowthBytes && monitor.Since(instance.IdleSince) >= ActorLimits.IdleInstance);
            _idle.RemoveAll(given.Contains);
            // What was used last lies on top, so those that were not needed for long are the first.
            while (_idle.Count > 1 && rest is { } time && monitor.Since(_idle[0].IdleSince) >= time)
            {
                given.Add(_idle[0]);
                _idle.RemoveAt(0);
            }
            _count = _idle.Count;
        }
        foreach (var instance in given)
            instance.Dispose();
    }

    public void Dispose()
    {
        T[] idle;
        lock (_gate)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
            _count = 0;
        }
        foreach (var instance in idle)
            instance.Dispose();
    }
}

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
sealed class InstancePool<T>(GuestMonitor monitor, int capacity) : IDisposable
    where T : class, IPooledInstance
{
    readonly Lock _gate = new();
    readonly List<T> _idle = [];
    bool _disposed;

    /// <summary>An idle instance, which is the caller's until it is returned or disposed; <see langword="null"/> when there is none.</summary>
    public T? Rent()
    {
        lock (_gate)
        {
            if (_idle.Count == 0)
                return null;
            var instance = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
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
                return;
            }
        }
        instance.Dispose();
    }

    /// <summary>Gives up what has been idle for a while and holds on to much memory. WebAssembly memory never shrinks.</summary>
    public void Trim()
    {
        List<T> given;
        lock (_gate)
        {
            given = _idle.FindAll(instance =>
                instance.Growth > ActorLimits.IdleGrowthBytes && monitor.Since(instance.IdleSince) >= ActorLimits.IdleInstance);
            _idle.RemoveAll(given.Contains);
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
        }
        foreach (var instance in idle)
            instance.Dispose();
    }
}

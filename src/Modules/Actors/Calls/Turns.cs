namespace Allotrope.Actors;

/// <summary>
/// Lets so many calls of one workload have a thread, or wait for one, at once. Mostly that is a question of microseconds; but a guest that cannot be suspended
/// keeps its thread while it waits, and must not have all there are.
/// </summary>
/// <param name="start">Puts a call into its lane.</param>
sealed class Turns(int limit, Action<QueuedCall> start) : IWaitingRoom
{
    /// <summary>Looks of the monitor for each time that all who wait are looked at: there may be thousands.</summary>
    const int SparedLooks = 16;

    readonly Lock _gate = new();
    readonly Queue<QueuedCall> _waiting = new();
    int _taken, _looks;

    /// <summary>How many have a thread or wait for one.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Starts the call when it is its turn, which is over with <see cref="Leave"/>.</summary>
    public void Start(QueuedCall call)
    {
        lock (_gate)
        {
            if (_taken == limit)
            {
                _waiting.Enqueue(call); // the monitor is awake: those before it run, or wait in lanes
                return;
            }
            _taken++;
        }
        start(call);
    }

    public void Leave()
    {
        QueuedCall? next;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out next))
            {
                _taken--;
                return;
            }
        }
        start(next);
    }

    public bool Expire(long now)
    {
        if (_waiting.Count == 0) // without the lock: a call that is just being added is seen a millisecond later
            return false;
        if (_looks++ % SparedLooks != 0)
            return true;
        List<QueuedCall>? over = null;
        lock (_gate)
        {
            for (var left = _waiting.Count; left > 0; left--)
            {
                var call = _waiting.Dequeue();
                if (call.IsOver(now))
                    (over ??= []).Add(call);
                else
                    _waiting.Enqueue(call);
            }
        }
        foreach (var call in over ?? [])
            call.GiveUp(Shortage.Turn);
        return true;
    }
}

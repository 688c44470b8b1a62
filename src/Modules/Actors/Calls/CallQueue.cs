using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// Admits the calls of one actor or component: so many at once, the others wait in order, no longer than their time and no more than
/// <see cref="ActorLimits.WaitingCalls"/>.
/// </summary>
/// <param name="title">For the words of a refusal.</param>
sealed class CallQueue(string title) : IWaitingRoom
{
    readonly Lock _gate = new();
    readonly Queue<QueuedCall> _waiting = new();
    int _limit, _running;

    public int Running => Volatile.Read(ref _running);

    /// <summary>True when a call may run at once; it counts until <see cref="Leave"/>. Never overtakes a call that waits.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_running >= _limit || _waiting.Count > 0)
                return false;
            _running++;
            return true;
        }
    }

    /// <summary>True when <paramref name="call"/> may run at once; otherwise it waits and is started by whoever leaves.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Exhausted"/> when too many wait, <see cref="Fault.Unreachable"/> at a limit of 0.</exception>
    public bool Enter(QueuedCall call)
    {
        lock (_gate)
        {
            if (_running < _limit && _waiting.Count == 0)
            {
                _running++;
                return true;
            }
            if (_limit == 0)
                throw new FaultException(new Fault.Unreachable($"{title} is scaled to no instances; raise them in its blueprint."));
            if (_waiting.Count >= ActorLimits.WaitingCalls)
                throw new FaultException(new Fault.Exhausted(
                    $"{title} already has {_waiting.Count} calls waiting for its {_limit} instances; call later or raise its instances."));
            _waiting.Enqueue(call);
            return false;
        }
    }

    /// <summary>A call has ended. Returns the one that runs in its place, if any waits; the caller starts it.</summary>
    public QueuedCall? Leave()
    {
        lock (_gate)
        {
            if (_running <= _limit && _waiting.TryDequeue(out var next))
                return next;
            _running--;
            return null;
        }
    }

    /// <summary>Changes how many calls run at once and returns the waiting ones that may run now; the caller starts them. Lowering it lets running ones finish.</summary>
    public IReadOnlyList<QueuedCall> SetLimit(int limit)
    {
        List<QueuedCall> admitted = [];
        lock (_gate)
        {
            _limit = limit;
            while (_running < _limit && _waiting.TryDequeue(out var call))
            {
                _running++;
                admitted.Add(call);
            }
        }
        return admitted;
    }

    public bool Expire(long now)
    {
        if (_waiting.Count == 0) // without the lock: a call that is just being added is seen a millisecond later
            return false;
        List<QueuedCall>? ended = null;
        lock (_gate)
        {
            for (var left = _waiting.Count; left > 0; left--)
            {
                var call = _waiting.Dequeue();
                if (call.IsOver(now))
                    (ended ??= []).Add(call);
                else
                    _waiting.Enqueue(call);
            }
        }
        foreach (var call in ended ?? [])
            call.GiveUp(Shortage.Instance);
        return true;
    }
}

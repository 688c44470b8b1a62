namespace Allotrope.Actors;

/// <summary>
/// Admits the calls of one workload, starts them on guest threads by what is known of them, and lets the workload's revision be exchanged underneath them.
/// </summary>
sealed class Admission<T> : IAsyncDisposable
    where T : class, IRevision
{
    readonly GuestThreads _threads;
    readonly CallQueue _queue;
    readonly Turns _turns;
    readonly List<Task> _draining = []; // revisions exchanged whose calls have not all ended
    T _revision;

    public Admission(T first, GuestThreads threads)
    {
        (_revision, _threads) = (first, threads);
        _queue = new CallQueue(first.Assignment.Title);
        _queue.SetLimit(first.Instances);
        _turns = new Turns(ActorLimits.ConcurrentCalls, call => (call.IsSlow ? threads.Slow : threads.Prompt).Start(call));
        threads.Monitor.Add(_queue);
        threads.Monitor.Add(_turns);
    }

    public T Revision => Volatile.Read(ref _revision);

    /// <summary>Calls that were admitted and have not left.</summary>
    public int Running => _queue.Running;

    /// <summary>Those of them that have a thread or wait for one.</summary>
    public int Turns => _turns.Taken;

    /// <summary>True when a call may run at once, on its caller's thread; it counts until <see cref="Leave"/>.</summary>
    public bool TryAdmit() => _queue.TryEnter();

    /// <summary>Starts the call, now or when another one has left; it counts from then until <see cref="Leave"/>.</summary>
    /// <exception cref="Kernel.FaultException">Too many wait, or there are no instances.</exception>
    public void Admit(QueuedCall call)
    {
        if (_queue.Enter(call))
            Start(call);
        else
            _threads.Monitor.Wake(); // those before it may all wait without a thread, which is nothing to watch
    }

    /// <summary>Runs an admitted call on a guest thread, from its beginning or from where it waited, until <see cref="Pause"/>.</summary>
    public void Start(QueuedCall call) => _turns.Start(call);

    /// <summary>What was started is over, or waits without a thread.</summary>
    public void Pause() => _turns.Leave();

    /// <summary>A call that was admitted will never run, for want of this.</summary>
    public void GiveUp(Shortage shortage)
    {
        if (shortage is Shortage.Share or Shortage.Thread)
            Pause();
        if (shortage != Shortage.Instance)
            Leave();
    }

    /// <summary>An admitted call has ended; the next one that waits is started.</summary>
    public void Leave()
    {
        if (_queue.Leave() is { } next)
            Start(next);
    }

    /// <summary>The revision that a call runs on, which counts it until it exits there.</summary>
    public T Enter()
    {
        // The revision that refuses has been exchanged just now, so the next look finds another one.
        T revision;
        do
            revision = Revision;
        while (!revision.TryEnter());
        return revision;
    }

    /// <summary>
    /// Answers new calls with <paramref name="next"/> from now on. Calls under way finish on the revision before, which is disposed after the last
    /// of them.
    /// </summary>
    public void Exchange(T next)
    {
        while (!TryExchange(Revision, next))
        {
            // Somebody else was faster; what there is now gives way as well.
        }
    }

    /// <summary>The same, if <paramref name="before"/> is still the one that answers.</summary>
    public bool TryExchange(T before, T next)
    {
        IReadOnlyList<QueuedCall> admitted;
        lock (_draining) // also so that the limit is that of the revision that came last
        {
            if (Interlocked.CompareExchange(ref _revision, next, before) != before)
                return false;
            admitted = _queue.SetLimit(next.Instances);
            _draining.RemoveAll(drained => drained.IsCompletedSuccessfully);
            _draining.Add(before.DisposeAsync().AsTask());
        }
        foreach (var call in admitted)
            Start(call);
        return true;
    }

    /// <summary>Called when nobody can call any more; awaits what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await Revision.DisposeAsync();
        await Task.WhenAll(_draining);
        _threads.Monitor.Remove(_queue);
        _threads.Monitor.Remove(_turns);
    }
}

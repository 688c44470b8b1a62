using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// A workload that is a WebAssembly actor: admits calls, decides where each runs, and lets its revision be exchanged underneath them.
/// </summary>
sealed class Actor : IAsyncDisposable
{
    readonly GuestThreads _threads;
    readonly GuestMonitor _monitor;
    readonly CallQueue _queue;
    readonly List<Task> _draining = []; // revisions exchanged whose calls have not all ended
    ActorRevision _revision;

    public Actor(ActorRevision first, GuestThreads threads)
    {
        (_revision, _threads, _monitor) = (first, threads, threads.Monitor);
        _queue = new CallQueue(Workload = first.Assignment.Workload);
        _queue.SetLimit(first.Instances);
        _monitor.Add(_queue);
    }

    public string Workload { get; }

    public ActorRevision Revision => Volatile.Read(ref _revision);

    /// <summary>Calls this actor. What goes wrong on the way is a fault; what the guest calls an error is in the result.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Failed"/> for a trap, <see cref="Fault.TimedOut"/> when the call's time is over, <see cref="Fault.Exhausted"/> when too
    /// many calls wait or the answer is too large.
    /// </exception>
    public ValueTask<InvocationResult> CallAsync(Invocation invocation, CancellationToken cancellation)
    {
        var deadline = _monitor.After(Revision.CallTime);
        if (Revision.Conduct.Next == Place.Here && GuestRun.Current is not { Active: true } && _queue.TryEnter())
            return CallHereAsync(invocation, deadline, cancellation);

        var call = new GuestCall(this, invocation, deadline, cancellation);
        if (_queue.Enter(call))
            Start(call);
        return call.Answer;
    }

    /// <summary>Runs an admitted call on this thread. Followed by <see cref="Leave"/>.</summary>
    public InvocationResult Invoke(Invocation invocation, GuestRun run, long deadline, CancellationToken cancellation)
    {
        var started = _monitor.Now;
        var revision = Enter();
        var completed = false;
        run.Begin(deadline, cancellation);
        try
        {
            var result = revision.Invoke(invocation, run);
            completed = true;
            return result;
        }
        finally
        {
            revision.Conduct.Record(run.End(), _monitor.Since(started), completed, onBorrowedThread: run.Thread is null);
            revision.Exit();
        }
    }

    /// <summary>An admitted call has ended; the next one that waits is started.</summary>
    public void Leave()
    {
        if (_queue.Leave() is { } next)
            Start(next);
    }

    /// <summary>
    /// Answers new calls with <paramref name="next"/> from now on. Calls under way finish on the revision before, which is disposed after the last
    /// of them.
    /// </summary>
    public void Exchange(ActorRevision next)
    {
        while (!TryExchange(Revision, next))
        {
            // Somebody else was faster; what there is now gives way as well.
        }
    }

    /// <summary>The same, if <paramref name="before"/> is still the one that answers.</summary>
    public bool TryExchange(ActorRevision before, ActorRevision next)
    {
        if (Interlocked.CompareExchange(ref _revision, next, before) != before)
            return false;
        foreach (var call in _queue.SetLimit(next.Instances))
            Start(call);
        lock (_draining)
        {
            _draining.RemoveAll(drained => drained.IsCompletedSuccessfully);
            _draining.Add(before.DisposeAsync().AsTask());
        }

        return true;
    }

    /// <summary>Gives up instances that are idle and hold much memory.</summary>
    public void Trim() => Revision.Trim();

    /// <summary>Called when nobody can call any more; awaits what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await Revision.DisposeAsync();
        await Task.WhenAll(_draining);
        _monitor.Remove(_queue);
    }

    ValueTask<InvocationResult> CallHereAsync(Invocation invocation, long deadline, CancellationToken cancellation)
    {
        try
        {
            return ValueTask.FromResult(Invoke(invocation, _threads.Borrowed.Run, deadline, cancellation));
        }
        catch (Exception error) when (error is FaultException or OperationCanceledException)
        {
            return ValueTask.FromException<InvocationResult>(error);
        }
        finally
        {
            Leave();
        }
    }

    ActorRevision Enter()
    {
        // The revision that refuses has been exchanged just now, so the next look finds another one.
        ActorRevision revision;
        do
            revision = Revision;
        while (!revision.TryEnter());
        return revision;
    }

    void Start(QueuedCall call) => (Revision.Conduct.Next == Place.Slow ? _threads.Slow : _threads.Prompt).Start(call);
}

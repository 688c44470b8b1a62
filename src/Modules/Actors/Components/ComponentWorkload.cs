using System.Collections.Concurrent;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>A workload that is a component: admits calls, starts them on guest threads, and lets its revision be exchanged underneath them.</summary>
sealed class ComponentWorkload : IAsyncDisposable
{
    readonly GuestThreads _threads;
    readonly GuestMonitor _monitor;
    readonly CallQueue _queue;
    readonly List<Task> _draining = []; // revisions exchanged whose calls have not all ended
    readonly ConcurrentDictionary<HttpCall, bool> _running = new();
    ComponentRevision _revision;

    public ComponentWorkload(ComponentRevision first, GuestThreads threads)
    {
        (_revision, _threads, _monitor) = (first, threads, threads.Monitor);
        _queue = new CallQueue(Workload = first.Assignment.Workload);
        _queue.SetLimit(first.Instances);
        _monitor.Add(_queue);
    }

    public string Workload { get; }

    public ComponentRevision Revision => Volatile.Read(ref _revision);

    /// <summary>Begins to answer a request; the answer's body may go on long after.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Failed"/> for a trap, <see cref="Fault.TimedOut"/> when the time is over, <see cref="Fault.Exhausted"/> when too many wait.
    /// </exception>
    public Task<Message> AnswerAsync(Message request, CancellationToken cancellation)
    {
        var call = new HttpCall(this, request, _monitor.After(Revision.CallTime), cancellation);
        try
        {
            if (_queue.Enter(call))
                Start(call);
        }
        catch
        {
            request.Body?.Abandon();
            throw;
        }
        return call.Answer;
    }

    /// <summary>Runs an admitted call on this thread. Followed by <see cref="Leave"/>.</summary>
    public void Run(HttpCall call, GuestRun run, long deadline, CancellationToken cancellation)
    {
        var started = _monitor.Now;
        var revision = Enter();
        var completed = false;
        _running[call] = true;
        run.Begin(deadline, cancellation);
        try
        {
            revision.Run(call, run);
            completed = true;
        }
        finally
        {
            revision.Conduct.Record(run.End(), _monitor.Since(started), completed, onBorrowedThread: false);
            _running.TryRemove(call, out _);
            revision.Exit();
        }
    }

    /// <summary>Ends the calls under way, which may otherwise last as long as their clients like.</summary>
    public void Cancel()
    {
        foreach (var call in _running.Keys)
            call.Cancel();
    }

    /// <summary>An admitted call has ended; the next one that waits is started.</summary>
    public void Leave(HttpCall call, bool clientLeft)
    {
        if (clientLeft && Revision.Log.Admit())
            Revision.Log.Write("info", $"{call.What} was not answered to its end: the client left, or was cut off because it was too slow.");
        if (_queue.Leave() is { } next)
            Start(next);
    }

    public void Tell(string problem)
    {
        if (Revision.Log.Admit())
            Revision.Log.Write("error", problem);
    }

    /// <summary>
    /// Answers new calls with <paramref name="next"/> from now on. Calls under way finish on the revision before, which is disposed after the last of them.
    /// </summary>
    public void Exchange(ComponentRevision next)
    {
        var before = Interlocked.Exchange(ref _revision, next);
        foreach (var call in _queue.SetLimit(next.Instances))
            Start(call);
        lock (_draining)
        {
            _draining.RemoveAll(drained => drained.IsCompletedSuccessfully);
            _draining.Add(before.DisposeAsync().AsTask());
        }
    }

    public void Trim() => Revision.Trim();

    /// <summary>Called when nobody can call any more; awaits what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await Revision.DisposeAsync();
        await Task.WhenAll(_draining);
        _monitor.Remove(_queue);
    }

    ComponentRevision Enter()
    {
        // The revision that refuses has been exchanged just now, so the next look finds another one.
        ComponentRevision revision;
        do
            revision = Revision;
        while (!revision.TryEnter());
        return revision;
    }

    void Start(QueuedCall call) => (Revision.Conduct.Next == Place.Slow ? _threads.Slow : _threads.Prompt).Start(call);
}

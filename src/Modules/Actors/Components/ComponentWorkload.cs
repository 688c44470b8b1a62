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
    readonly ConcurrentDictionary<ComponentCall, bool> _running = new();
    ComponentRevision _revision;

    public ComponentWorkload(ComponentRevision first, GuestThreads threads)
    {
        (_revision, _threads, _monitor) = (first, threads, threads.Monitor);
        _queue = new CallQueue(Workload = first.Assignment.Workload);
        _queue.SetLimit(first.Instances);
        _monitor.Add(_queue);
    }

    public string Workload { get; }

    /// <summary>The clock that calls are timed by.</summary>
    public long Now => _monitor.Now;

    public ComponentRevision Revision => Volatile.Read(ref _revision);

    /// <summary>Begins to answer a request; the answer's body may go on long after.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Failed"/> for a trap, <see cref="Fault.TimedOut"/> when the time is over, <see cref="Fault.Exhausted"/> when too many wait.
    /// </exception>
    public Task<Message> AnswerAsync(Message request, CancellationToken cancellation)
    {
        var call = new HttpCall(this, request, new TimeBudget(_monitor, _monitor.After(Revision.CallTime)), cancellation);
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

    /// <summary>Counts an admitted call into the revision that it runs on, until <see cref="Exit"/>.</summary>
    public ComponentRevision Enter(ComponentCall call)
    {
        // The revision that refuses has been exchanged just now, so the next look finds another one.
        ComponentRevision revision;
        do
            revision = Revision;
        while (!revision.TryEnter());
        _running[call] = true;
        return revision;
    }

    /// <summary>Followed by <see cref="Leave"/>.</summary>
    public void Exit(ComponentCall call, ComponentRevision revision, RunEnd end, TimeSpan elapsed, bool completed)
    {
        revision.Conduct.Record(end, elapsed, completed, onBorrowedThread: false);
        _running.TryRemove(call, out _);
        revision.Exit();
    }

    /// <summary>An admitted call has ended; the next one that waits is started.</summary>
    public void Leave()
    {
        if (_queue.Leave() is { } next)
            Start(next);
    }

    /// <summary>Runs a call on a guest thread, from its beginning or from where it waited.</summary>
    public void Start(QueuedCall call) =>
        (call is ComponentCall { IsLong: true } || Revision.Conduct.Next == Place.Slow ? _threads.Slow : _threads.Prompt).Start(call);

    /// <summary>Ends the calls under way, which may otherwise last as long as their clients like.</summary>
    public void Cancel()
    {
        foreach (var call in _running.Keys)
            call.Cancel();
    }

    public void Note(string what)
    {
        if (Revision.Log.Admit())
            Revision.Log.Write("info", what);
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

    public TimeSpan Since(long start) => _monitor.Since(start);

    public void Trim() => Revision.Trim();

    /// <summary>Called when nobody can call any more; awaits what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await Revision.DisposeAsync();
        await Task.WhenAll(_draining);
        _monitor.Remove(_queue);
    }
}

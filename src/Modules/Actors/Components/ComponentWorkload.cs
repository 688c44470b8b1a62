using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>A workload that is a component: admits calls, starts them on guest threads, and lets its revision be exchanged underneath them.</summary>
sealed class ComponentWorkload(ComponentRevision first, GuestThreads threads) : IAsyncDisposable
{
    readonly Admission<ComponentRevision> _admission = new(first, threads);
    readonly ConcurrentDictionary<ComponentCall, bool> _running = new();

    public string Workload { get; } = first.Assignment.Workload;

    /// <summary>The clock that calls are timed by.</summary>
    public long Now => Monitor.Now;

    public ComponentRevision Revision => _admission.Revision;

    /// <summary>Begins to answer a request; the answer's body may go on long after.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Failed"/> for a trap, <see cref="Fault.TimedOut"/> when the time is over, <see cref="Fault.Exhausted"/> when too many wait.
    /// </exception>
    public Task<Message> AnswerAsync(Message request, CancellationToken cancellation)
    {
        try
        {
            var call = new HttpCall(this, request, new TimeBudget(Monitor, Monitor.After(Revision.CallTime)), new CallAnswer(cancellation));
            _admission.Admit(call);
            return call.Given;
        }
        catch
        {
            request.Body?.Abandon();
            throw;
        }
    }

    /// <summary>Gives the component a message; the answer is how it took it.</summary>
    /// <inheritdoc cref="AnswerAsync"/>
    public Task<Message> TakeAsync(MessageDelivery delivery, CancellationToken cancellation)
    {
        var what = $"the message on {delivery.Message.Subject}";
        if (delivery.Lost > 0)
            Tell($"{delivery.Lost} {(delivery.Lost == 1 ? "message was" : "messages were")} dropped before {what}: they came faster than the component took them.");
        return DeliverAsync(what, guest => guest.TakeAsync(delivery), cancellation);
    }

    /// <summary>Tells the component of a change in a store that it watches, likewise.</summary>
    /// <inheritdoc cref="AnswerAsync"/>
    public Task<Message> TakeAsync(KeyValueChange change, CancellationToken cancellation)
    {
        var key = change switch
        {
            KeyValueChange.Written set => set.Key,
            KeyValueChange.Deleted gone => gone.Key,
            _ => null,
        };
        if (key is not null)
            return DeliverAsync($"the change of {key} in {change.Bucket}", guest => guest.TakeAsync(change), cancellation);
        Tell($"Changes in {change.Bucket} were dropped: more keys changed than may wait for the component.");
        return Task.FromResult(DeliveryCall.Handled());
    }

    /// <summary>Calls a function for a component on another node.</summary>
    /// <inheritdoc cref="AnswerAsync"/>
    public Task<Message> CallAsync(FunctionCall request, CancellationToken cancellation)
    {
        if (request.Left <= TimeSpan.Zero)
            throw new FaultException(new Fault.TimedOut($"{request.Origin} calls `{request.Function}` of {Workload} and has no time left for it."));
        var time = request.Left < Revision.CallTime ? request.Left : Revision.CallTime;
        var call = new LinkedCall(this, request, new TimeBudget(Monitor, Monitor.After(time)), new CallAnswer(cancellation));
        _admission.Admit(call);
        return call.Given;
    }

    /// <summary>Counts an admitted call into the revision that it runs on, until <see cref="Exit"/>.</summary>
    public ComponentRevision Enter(ComponentCall call)
    {
        var revision = _admission.Enter();
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
    public void Leave() => _admission.Leave();

    /// <inheritdoc cref="Admission{T}.Start"/>
    public void Start(ComponentCall call) => _admission.Start(call);

    /// <inheritdoc cref="Admission{T}.Pause"/>
    public void Pause() => _admission.Pause();

    /// <inheritdoc cref="Admission{T}.GiveUp"/>
    public void GiveUp(Shortage shortage) => _admission.GiveUp(shortage);

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

    /// <inheritdoc cref="Admission{T}.Exchange"/>
    public void Exchange(ComponentRevision next) => _admission.Exchange(next);

    public TimeSpan Since(long start) => Monitor.Since(start);

    public void Trim() => Revision.Trim();

    /// <summary>Called when nobody can call any more; awaits what is under way.</summary>
    public ValueTask DisposeAsync() => _admission.DisposeAsync();

    Task<Message> DeliverAsync(string what, Func<ComponentGuest, ValueTask<string?>> give, CancellationToken cancellation)
    {
        var call = new DeliveryCall(this, what, give, new TimeBudget(Monitor, Monitor.After(Revision.CallTime)), new CallAnswer(cancellation));
        try
        {
            _admission.Admit(call);
        }
        catch (FaultException error)
        {
            call.Refuse(error);
        }
        return call.Given;
    }

    GuestMonitor Monitor => threads.Monitor;
}

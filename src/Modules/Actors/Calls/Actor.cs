using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// A workload that is a WebAssembly actor: admits calls, decides where each runs, and lets its revision be exchanged underneath them.
/// </summary>
sealed class Actor(ActorRevision first, GuestThreads threads) : IAsyncDisposable
{
    readonly Admission<ActorRevision> _admission = new(first, threads);

    public string Workload { get; } = first.Assignment.Workload;

    public ActorRevision Revision => _admission.Revision;

    /// <summary>Calls this actor. What goes wrong on the way is a fault; what the guest calls an error is in the result.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Failed"/> for a trap, <see cref="Fault.TimedOut"/> when the call's time is over, <see cref="Fault.Exhausted"/> when too
    /// many calls wait or the answer is too large.
    /// </exception>
    public ValueTask<InvocationResult> CallAsync(Invocation invocation, CancellationToken cancellation)
    {
        var deadline = Monitor.After(Revision.CallTime);
        if (Revision.Conduct.Next == Place.Here && GuestRun.Current is not { Active: true } && _admission.TryAdmit())
            return CallHereAsync(invocation, deadline, cancellation);

        var call = new GuestCall(this, invocation, deadline, cancellation);
        _admission.Admit(call);
        return call.Answer;
    }

    /// <summary>Runs an admitted call on this thread. Followed by <see cref="Leave"/>.</summary>
    public InvocationResult Invoke(Invocation invocation, GuestRun run, long deadline, CancellationToken cancellation)
    {
        var started = Monitor.Now;
        var revision = _admission.Enter();
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
            revision.Conduct.Record(run.End(), Monitor.Since(started), completed, onBorrowedThread: run.Thread is null);
            revision.Exit();
        }
    }

    /// <inheritdoc cref="Admission{T}.Pause"/>
    public void Pause() => _admission.Pause();

    /// <summary>An admitted call has ended; the next one that waits is started.</summary>
    public void Leave() => _admission.Leave();

    /// <inheritdoc cref="Admission{T}.GiveUp"/>
    public void GiveUp(Shortage shortage) => _admission.GiveUp(shortage);

    /// <inheritdoc cref="Admission{T}.Exchange"/>
    public void Exchange(ActorRevision next) => _admission.Exchange(next);

    /// <inheritdoc cref="Admission{T}.TryExchange"/>
    public bool TryExchange(ActorRevision before, ActorRevision next) => _admission.TryExchange(before, next);

    /// <summary>Gives up instances that are idle and hold much memory.</summary>
    public void Trim() => Revision.Trim();

    /// <summary>Called when nobody can call any more; awaits what is under way.</summary>
    public ValueTask DisposeAsync() => _admission.DisposeAsync();

    ValueTask<InvocationResult> CallHereAsync(Invocation invocation, long deadline, CancellationToken cancellation)
    {
        try
        {
            return ValueTask.FromResult(Invoke(invocation, threads.Borrowed.Run, deadline, cancellation));
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

    GuestMonitor Monitor => threads.Monitor;
}

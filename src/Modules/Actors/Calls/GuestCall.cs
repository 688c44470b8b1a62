using System.Threading.Tasks.Sources;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>A call that runs on a guest thread, perhaps after waiting for an instance, while its caller awaits <see cref="Answer"/>.</summary>
sealed class GuestCall(Actor actor, Invocation invocation, long deadline, CancellationToken cancellation)
    : QueuedCall(deadline, cancellation), IValueTaskSource<InvocationResult>
{
    // Asynchronously: what the caller does next must never run on a guest thread.
    ManualResetValueTaskSourceCore<InvocationResult> _answer = new() { RunContinuationsAsynchronously = true };

    /// <summary>To be awaited once.</summary>
    public ValueTask<InvocationResult> Answer => new(this, _answer.Version);

    public override void Execute(GuestRun run)
    {
        InvocationResult? result = null;
        Exception? error = null;
        try
        {
            result = actor.Invoke(invocation, run, Deadline, Cancellation);
        }
        catch (Exception caught) // the caller is told, whatever it is
        {
            error = caught;
        }
        actor.Leave(); // before the caller knows, so that its next call finds the instance free
        if (result is not null)
            _answer.SetResult(result);
        else
            _answer.SetException(error!);
    }

    public override void GiveUp() => _answer.SetException(Cancellation.IsCancellationRequested
        ? new OperationCanceledException(Cancellation)
        : new FaultException(new Fault.TimedOut(
            $"Actor {actor.Workload} had no instance free for {invocation.Operation} within the call's time; raise its instances or call less.")));

    InvocationResult IValueTaskSource<InvocationResult>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<InvocationResult>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<InvocationResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}

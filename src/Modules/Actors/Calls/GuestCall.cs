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
    bool _hasBegun;

    /// <summary>To be awaited once.</summary>
    public ValueTask<InvocationResult> Answer => new(this, _answer.Version);

    public override object Owner => actor;

    public override bool IsSlow => actor.Revision.Conduct.Next == Place.Slow;

    protected override bool HasBegun => _hasBegun;

    public override void TurnLong() => actor.Revision.Conduct.TurnLong();

    protected override void Run(GuestRun run)
    {
        _hasBegun = true;
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
        actor.Pause();
        actor.Leave(); // before the caller knows, so that its next call finds the instance free
        if (result is not null)
            _answer.SetResult(result);
        else
            _answer.SetException(error!);
    }

    public override void GiveUp(Shortage shortage)
    {
        actor.GiveUp(shortage);
        _answer.SetException(Cancellation.IsCancellationRequested
            ? new OperationCanceledException(Cancellation)
            : new FaultException(new Fault.TimedOut(Sentence($"Actor {actor.Workload}", invocation.Operation, shortage))));
    }

    InvocationResult IValueTaskSource<InvocationResult>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<InvocationResult>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<InvocationResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}

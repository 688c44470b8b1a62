using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>A call of a function by a component on another node (docs/reference/component-values.md).</summary>
sealed class LinkedCall : ComponentCall
{
    readonly ComponentWorkload _workload;
    readonly FunctionCall _call;
    readonly CancellationTokenSource _left;
    readonly CancellationTokenRegistration _untilAnswered;
    readonly TaskCompletionSource<Message> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    FunctionReply? _reply;

    public LinkedCall(ComponentWorkload workload, FunctionCall call, TimeBudget time, CancellationToken cancellation)
        : this(workload, call, time, new CancellationTokenSource(), cancellation)
    {
    }

    LinkedCall(ComponentWorkload workload, FunctionCall call, TimeBudget time, CancellationTokenSource left, CancellationToken cancellation)
        : base(workload, time, left.Token)
    {
        (_workload, _call, _left) = (workload, call, left);
        _untilAnswered = cancellation.UnsafeRegister(static left => ((CancellationTokenSource)left!).Cancel(), left);
    }

    public Task<Message> Answer => _answer.Task;

    public override string What => $"`{_call.Function}` of {_call.Interface} for {_call.Origin}";

    protected override bool LeavesNothing => _reply is not null && !Cancellation.IsCancellationRequested;

    protected override async ValueTask CallAsync(ComponentGuest guest) => _reply = await guest.CallAsync(_call);

    protected override void Ended(Exception? failure)
    {
        _untilAnswered.Dispose();
        if (failure is null)
            _answer.SetResult(new Message("", Payload.Of(_reply!, ContractsJson.Default.FunctionReply)));
        else
            _answer.SetException(failure);
    }

    protected override void Left() => _workload.Leave();

    public override void Cancel() => _left.Cancel();

    public override void GiveUp()
    {
        _untilAnswered.Dispose();
        _answer.SetException(Cancellation.IsCancellationRequested
            ? new OperationCanceledException(Cancellation)
            : new FaultException(new Fault.TimedOut(
                $"Component {_workload.Workload} had no instance free for {What} within the call's time; raise its instances or call less.")));
    }
}

using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>A message on its way through a component, answered when it has returned.</summary>
sealed class MessageCall : ComponentCall
{
    readonly ComponentWorkload _workload;
    readonly MessageDelivery _delivery;
    readonly CancellationTokenSource _left;
    readonly CancellationTokenRegistration _caller;
    readonly TaskCompletionSource<Message> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    MessageOutcome _outcome = new();

    public MessageCall(ComponentWorkload workload, Message request, TimeBudget time, CancellationToken cancellation)
        : this(workload, request, time, new CancellationTokenSource(), cancellation)
    {
    }

    MessageCall(ComponentWorkload workload, Message request, TimeBudget time, CancellationTokenSource left, CancellationToken cancellation)
        : base(workload, time, left.Token)
    {
        (_workload, _left) = (workload, left);
        _delivery = request.Payload.As(ContractsJson.Default.MessageDelivery);
        _caller = cancellation.UnsafeRegister(static left => ((CancellationTokenSource)left!).Cancel(), left);
        if (_delivery.Lost > 0)
            workload.Tell($"{_delivery.Lost} {(_delivery.Lost == 1 ? "message was" : "messages were")} dropped before {What}: they came faster than the component took them.");
    }

    /// <summary>Carries a <see cref="MessageOutcome"/>.</summary>
    public Task<Message> Answer => _answer.Task;

    public override string What => $"the message on {_delivery.Message.Subject}";

    protected override bool LeavesNothing => !Cancellation.IsCancellationRequested;

    public override void Cancel() => _left.Cancel();

    /// <summary>Nobody waits for an answer who could be told: the component's log is.</summary>
    public void Refuse(FaultException why)
    {
        _caller.Dispose();
        _workload.Tell($"{What} was dropped: {why.Message}");
        _answer.TrySetException(why);
    }

    public override void GiveUp()
    {
        if (!Cancellation.IsCancellationRequested)
        {
            Refuse(new FaultException(new Fault.TimedOut(
                $"Component {_workload.Workload} had no instance free for {What} within the call's time; raise its instances or send less.")));
            return;
        }
        _caller.Dispose();
        _answer.TrySetException(new OperationCanceledException(Cancellation));
    }

    protected override async ValueTask CallAsync(ComponentGuest guest)
    {
        if (await guest.TakeAsync(_delivery) is not { } wrong)
            return;
        _outcome = new(wrong);
        _workload.Tell($"{What} was not handled: {wrong}");
    }

    protected override void Ended(Exception? failure)
    {
        if (failure is not null)
            _answer.TrySetException(failure);
        else
            _answer.TrySetResult(new Message("", Payload.Of(_outcome, ContractsJson.Default.MessageOutcome)));
    }

    protected override void Left()
    {
        _caller.Dispose();
        _workload.Leave();
    }
}

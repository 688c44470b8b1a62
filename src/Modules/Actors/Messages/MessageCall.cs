using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>A message on its way through a component, answered when it has returned.</summary>
sealed class MessageCall : ComponentCall
{
    readonly ComponentWorkload _workload;
    readonly BrokerMessage _message;
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
        _message = request.Payload.As(ContractsJson.Default.BrokerMessage);
        _caller = cancellation.UnsafeRegister(static left => ((CancellationTokenSource)left!).Cancel(), left);
    }

    /// <summary>Carries a <see cref="MessageOutcome"/>.</summary>
    public Task<Message> Answer => _answer.Task;

    public override string What => $"the message on {_message.Subject}";

    protected override bool LeavesNothing => !Cancellation.IsCancellationRequested;

    public override void Cancel() => _left.Cancel();

    public override void GiveUp()
    {
        _caller.Dispose();
        _answer.TrySetException(Cancellation.IsCancellationRequested
            ? new OperationCanceledException(Cancellation)
            : new FaultException(new Fault.TimedOut(
                $"Component {_workload.Workload} had no instance free for {What} within the call's time; raise its instances or send less.")));
    }

    protected override async ValueTask CallAsync(ComponentGuest guest)
    {
        var handled = await guest.TakeAsync(_message);
        if (handled.IsOk)
            return;
        _outcome = new(handled.Error);
        _workload.Tell($"{What} was not handled: {handled.Error}");
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

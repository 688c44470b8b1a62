using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>What a provider gives a component, a message or a change, on its way through it; answered when it has returned.</summary>
sealed class DeliveryCall : ComponentCall
{
    readonly ComponentWorkload _workload;
    readonly Func<ComponentGuest, ValueTask<string?>> _give;
    readonly CancellationTokenSource _left;
    readonly CancellationTokenRegistration _caller;
    readonly TaskCompletionSource<Message> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    string? _wrong;

    /// <param name="workload">The component.</param>
    /// <param name="what">Is given.</param>
    /// <param name="give">Gives it to an instance; the answer is what that says is wrong with it, if anything.</param>
    /// <param name="time">Its own.</param>
    /// <param name="cancellation">Calls it off.</param>
    public DeliveryCall(ComponentWorkload workload, string what, Func<ComponentGuest, ValueTask<string?>> give, TimeBudget time, CancellationToken cancellation)
        : this(workload, what, give, time, new CancellationTokenSource(), cancellation)
    {
    }

    DeliveryCall(
        ComponentWorkload workload, string what, Func<ComponentGuest, ValueTask<string?>> give, TimeBudget time, CancellationTokenSource left, CancellationToken cancellation)
        : base(workload, time, left.Token)
    {
        (_workload, What, _give, _left) = (workload, what, give, left);
        _caller = cancellation.UnsafeRegister(static left => ((CancellationTokenSource)left!).Cancel(), left);
    }

    /// <summary>Carries a <see cref="MessageOutcome"/>.</summary>
    public Task<Message> Answer => _answer.Task;

    public override string What { get; }

    protected override bool LeavesNothing => !Cancellation.IsCancellationRequested;

    public override void Cancel() => _left.Cancel();

    public static Message Handled(string? wrong = null) => new("", Payload.Of(new MessageOutcome(wrong), ContractsJson.Default.MessageOutcome));

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
        _wrong = await _give(guest);
        if (_wrong is not null)
            _workload.Tell($"{What} was not handled: {_wrong}");
    }

    protected override void Ended(Exception? failure)
    {
        if (failure is not null)
            _answer.TrySetException(failure);
        else
            _answer.TrySetResult(Handled(_wrong));
    }

    protected override void Left()
    {
        _caller.Dispose();
        _workload.Leave();
    }
}

using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>What a provider gives a component, a message or a change, on its way through it; answered when it has returned.</summary>
/// <param name="workload">The component.</param>
/// <param name="what">Is given.</param>
/// <param name="give">Gives it to an instance; the answer is what that says is wrong with it, if anything.</param>
/// <param name="time">Its own.</param>
/// <param name="answer">Carries a <see cref="MessageOutcome"/>.</param>
sealed class DeliveryCall(ComponentWorkload workload, string what, Func<ComponentGuest, ValueTask<string?>> give, TimeBudget time, CallAnswer answer)
    : ComponentCall(workload, time, answer)
{
    string? _wrong;

    public override string What => what;

    protected override bool LeavesNothing => !Cancellation.IsCancellationRequested;

    public static Message Handled(string? wrong = null) => new("", Payload.Of(new MessageOutcome(wrong), ContractsJson.Default.MessageOutcome));

    /// <summary>Nobody waits for an answer who could be told: the component's log is.</summary>
    public void Refuse(FaultException why)
    {
        Workload.Tell($"{What} was dropped: {why.Message}");
        Answer.TryRefuse(why);
    }

    protected override void NeverBegan(Exception why, Shortage shortage)
    {
        if (why is FaultException late)
            Refuse(late);
        else
            base.NeverBegan(why, shortage);
    }

    protected override async ValueTask CallAsync(ComponentGuest guest)
    {
        _wrong = await give(guest);
        if (_wrong is not null)
            Workload.Tell($"{What} was not handled: {_wrong}");
    }

    protected override void Ended(Exception? failure)
    {
        if (failure is not null)
            Answer.TryRefuse(failure);
        else
            Answer.TryGive(Handled(_wrong));
    }

    protected override void Left() => Workload.Leave();
}

using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>A call of a function by a component on another node (docs/reference/component-values.md).</summary>
sealed class LinkedCall(ComponentWorkload workload, FunctionCall call, TimeBudget time, CallAnswer answer) : ComponentCall(workload, time, answer)
{
    FunctionReply? _reply;

    public override string What => $"`{call.Function}` of {call.Interface} for {call.Origin}";

    protected override bool LeavesNothing => _reply is not null && !Cancellation.IsCancellationRequested;

    protected override async ValueTask CallAsync(ComponentGuest guest) => _reply = await guest.CallAsync(call);

    protected override void Ended(Exception? failure)
    {
        if (failure is null)
            Answer.TryGive(new Message("", Payload.Of(_reply!, ContractsJson.Default.FunctionReply)));
        else
            Answer.TryRefuse(failure);
    }

    protected override void Left() => Workload.Leave();
}

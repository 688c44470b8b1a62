using Allotrope.Contracts;

namespace Allotrope.Commands;

/// <summary>States in the words of the command line.</summary>
static class Words
{
    public static string Of(BlueprintState state) => state switch
    {
        BlueprintState.Failed => "failed",
        BlueprintState.Undeployed => "undeployed",
        BlueprintState.Reconciling => "reconciling",
        BlueprintState.Deployed => "deployed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string Of(WorkloadState state) => state switch
    {
        WorkloadState.Failed => "failed",
        WorkloadState.Starting => "starting",
        WorkloadState.Running => "running",
        WorkloadState.Stopped => "stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}

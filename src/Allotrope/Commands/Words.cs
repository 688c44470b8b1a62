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

    /// <summary>What the core does: the rest of a sentence.</summary>
    public static string Of(FlatlinePolicy policy) => policy switch
    {
        FlatlinePolicy.Stop => "stops",
        FlatlinePolicy.Zombie => "goes on as a zombie",
        FlatlinePolicy.Restart => "asks for a restart",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };

    public static string Of(SlowPolicy policy) => policy switch
    {
        SlowPolicy.DropOldest => "drop-oldest",
        SlowPolicy.Coalesce => "coalesce",
        SlowPolicy.Sever => "sever",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
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

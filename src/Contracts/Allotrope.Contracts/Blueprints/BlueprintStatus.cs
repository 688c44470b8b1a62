namespace Allotrope.Contracts;

/// <summary>How a blueprint fares, as the planner sees it.</summary>
/// <param name="Revision">The contract revision this speaks of.</param>
public sealed record BlueprintStatus(
    string Name, string Version, long Revision, BlueprintState State, string Message, IReadOnlyList<WorkloadStatus> Workloads);

/// <summary>Worst first; the state of a blueprint is the worst of its workloads'.</summary>
public enum BlueprintState
{
    Failed,
    Undeployed,
    Reconciling,
    Deployed,
}

/// <summary>Asks how a blueprint fares once that differs from what the caller knows.</summary>
/// <param name="Change">The <see cref="BlueprintProgress.Change"/> the caller has seen; 0 to be answered at once.</param>
/// <param name="Wait">How long to wait for a change, at most 30 seconds; then the unchanged status is the answer.</param>
public sealed record FollowRequest(string Name, long Change, TimeSpan Wait);

/// <param name="Change">Grows whenever something about the blueprint's status changes.</param>
public sealed record BlueprintProgress(long Change, BlueprintStatus Status);

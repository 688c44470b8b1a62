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

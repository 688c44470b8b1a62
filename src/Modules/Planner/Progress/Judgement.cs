using Allotrope.Contracts;

namespace Allotrope.Planner;

/// <summary>How a blueprint fares: what is wished held against what the modules say.</summary>
static class Judgement
{
    /// <param name="statuses">What modules say, by key in the bucket.</param>
    /// <param name="refused">Assignments that could not be written, by key.</param>
    public static BlueprintStatus Of(
        Contract contract, Plan plan, IReadOnlyDictionary<string, WorkloadStatus> statuses, IReadOnlyDictionary<string, string> refused)
    {
        if (contract.Flaw is { } flaw)
            return new(contract.Name, contract.Version, contract.Revision, BlueprintState.Failed, flaw, []);
        var (state, message, workloads) = (BlueprintState.Deployed, "", new List<WorkloadStatus>());
        foreach (var (key, assignment) in plan.Assignments.Where(pair => pair.Value.Blueprint == contract.Name))
        {
            var workload = refused.TryGetValue(key, out var reason)
                ? Waiting(assignment, WorkloadState.Failed, reason)
                : Of(assignment, statuses.GetValueOrDefault(key));
            workloads.Add(workload);
            Worsen(StateOf(workload.State), $"{assignment.Component}: {workload.Message}");
        }
        foreach (var obstacle in plan.Obstacles[contract.Name])
        {
            if (!workloads.Exists(workload => workload.Component == obstacle.Component))
                workloads.Add(Stopped(contract, obstacle));
            Worsen(BlueprintState.Undeployed, $"{obstacle.Component}: {obstacle.Reason}");
        }
        return new(contract.Name, contract.Version, contract.Revision, state, message, workloads);

        void Worsen(BlueprintState other, string because)
        {
            if (other < state)
                (state, message) = (other, because);
        }
    }

    /// <summary>A blueprint that was removed while some of its workloads still run.</summary>
    public static BlueprintStatus Leaving(Contract contract, IReadOnlyList<WorkloadStatus> left) => new(
        contract.Name, contract.Version, contract.Revision, BlueprintState.Reconciling,
        $"is being removed; {left.Count} of its workloads still run", left);

    static WorkloadStatus Of(Assignment assignment, WorkloadStatus? status) => status switch
    {
        null => Waiting(assignment, WorkloadState.Starting, "waits for the module that runs it"),
        { Revision: var revision } when revision < assignment.Revision =>
            status with { State = WorkloadState.Starting, Message = $"is at revision {revision} and changing to {assignment.Revision}" },
        _ => status,
    };

    static WorkloadStatus Waiting(Assignment assignment, WorkloadState state, string message) =>
        new(assignment.Node, assignment.Workload, assignment.Component, 0, state, 0, message, []);

    static WorkloadStatus Stopped(Contract contract, Obstacle obstacle) =>
        new("", WorkloadId.Of(contract.Name, obstacle.Component), obstacle.Component, 0, WorkloadState.Stopped, 0, obstacle.Reason, []);

    static BlueprintState StateOf(WorkloadState state) => state switch
    {
        WorkloadState.Failed => BlueprintState.Failed,
        WorkloadState.Starting or WorkloadState.Stopped => BlueprintState.Reconciling,
        WorkloadState.Running => BlueprintState.Deployed,
        _ => BlueprintState.Failed,
    };
}

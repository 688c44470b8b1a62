namespace Allotrope.Contracts;

/// <summary>What a module does with the assignments it is responsible for. Calls for one workload never overlap; those for several may.</summary>
/// <param name="Mine">True for the assignments this module runs. Must be quick and must not throw.</param>
/// <param name="Converge">
/// Starts the workload, or changes the running one into what is assigned now, and returns how it is; called again with the same assignment it must
/// do no harm. A <see cref="Kernel.FaultException"/> becomes a <see cref="WorkloadState.Failed"/> status with the fault's sentence.
/// </param>
/// <param name="Stop">Ends the workload and releases all it holds. Also called when <paramref name="Converge"/> failed.</param>
public sealed record WorkloadHandlers(
    Func<Assignment, bool> Mine,
    Func<Assignment, CancellationToken, Task<WorkloadStatus>> Converge,
    Func<string, Task> Stop);

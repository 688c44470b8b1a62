namespace Allotrope.Contracts;

/// <summary>What a module says of a workload it runs.</summary>
/// <param name="Revision">The contract revision that is running, not the one wished for; when it failed, the one that failed.</param>
/// <param name="Message">One sentence: what it does, or why it failed and what to do.</param>
/// <param name="Urls">Where people reach it, if anywhere.</param>
/// <param name="Fault">The kind of <see cref="Kernel.Fault"/> that made it fail, such as <c>Refused</c>, so that a client can tell a program.</param>
public sealed record WorkloadStatus(
    string Node, string Workload, string Component, long Revision, WorkloadState State, int Instances, string Message, IReadOnlyList<string> Urls,
    string? Fault = null);

public enum WorkloadState
{
    Failed,
    Starting,
    Running,
    Stopped,
}

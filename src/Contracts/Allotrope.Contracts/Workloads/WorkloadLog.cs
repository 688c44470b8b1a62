using Allotrope.Lattice;

namespace Allotrope.Contracts;

/// <summary>The log of a workload, for those beside it who know what it cannot say itself.</summary>
public static class WorkloadLog
{
    /// <summary>Adds a line of level <c>error</c>, which <c>allot logs</c> shows. Not more often than a workload may log.</summary>
    public static ValueTask TellAsync(ILattice lattice, TimeProvider time, string workload, string text) => lattice.PublishAsync(new Message(
        Subjects.LogsWrite, Payload.Of(new LogLine(time.GetUtcNow(), workload, "error", text), ContractsJson.Default.LogLine)));
}

using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>Waits until the node does what was admitted, and tells what happens meanwhile.</summary>
static class Convergence
{
    /// <summary>A node that has not started a blueprint by then says at least what it waits for.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>How long one request waits for news.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns once the blueprint is deployed at <paramref name="revision"/> or a newer one.</summary>
    /// <exception cref="FaultException">The fault of the workload that failed, or <see cref="Fault.TimedOut"/>.</exception>
    public static async Task<BlueprintStatus> AwaitDeployedAsync(Session session, string blueprint, long revision)
    {
        string? told = null;
        await foreach (var status in FollowAsync(session, blueprint))
        {
            if (status.Revision < revision)
                continue;
            if (status.State == BlueprintState.Deployed)
                return status;
            // Nothing the node does on its own gets a blueprint out of these two.
            if (status.State is BlueprintState.Failed or BlueprintState.Undeployed)
                throw new FaultException(FaultOf(status));
            var waiting = status.Workloads.FirstOrDefault(workload => workload.State != WorkloadState.Running);
            var message = waiting is null ? status.Message : $"{waiting.Workload}: {waiting.Message}";
            if (message != told)
                session.Output.Object(new EventLine("progress", blueprint, status.Version, status.Revision, Message: message), CommandsJson.Default.EventLine);
            told = message;
        }
        throw new FaultException(new Fault.TimedOut(
            $"Blueprint {blueprint} was admitted and is not running after {Limit.TotalSeconds:0} s ({told ?? "no status yet"}): see `allot status {blueprint}`."));
    }

    /// <summary>Returns once nothing of the blueprint runs.</summary>
    public static async Task AwaitGoneAsync(Session session, string blueprint)
    {
        try
        {
            await foreach (var status in FollowAsync(session, blueprint))
                if (status.Workloads.Count == 0)
                    return;
        }
        catch (FaultException error) when (error.Fault is Fault.NotFound)
        {
            return;
        }
        throw new FaultException(new Fault.TimedOut($"Blueprint {blueprint} was removed and still runs after {Limit.TotalSeconds:0} s: see `allot status`."));
    }

    /// <summary>The status now and after each change, until the limit.</summary>
    static async IAsyncEnumerable<BlueprintStatus> FollowAsync(Session session, string blueprint)
    {
        var begun = session.Time.GetTimestamp();
        var change = 0L;
        while (session.Time.GetElapsedTime(begun) < Limit)
        {
            var progress = await session.Node.RequestAsync(
                Subjects.BlueprintFollow, new FollowRequest(blueprint, change, Patience), ContractsJson.Default.FollowRequest,
                ContractsJson.Default.BlueprintProgress, cancellation: session.Stop);
            change = progress.Change;
            yield return progress.Status;
        }
    }

    static Fault FaultOf(BlueprintStatus status)
    {
        var failed = status.Workloads.FirstOrDefault(workload => workload.State == WorkloadState.Failed);
        return failed is null
            ? new Fault.Failed($"Blueprint {status.Name} {status.Version} is {Words.Of(status.State)}: {status.Message}")
            : Fault.Of(failed.Fault ?? nameof(Fault.Failed), $"{failed.Workload} failed: {failed.Message}");
    }
}

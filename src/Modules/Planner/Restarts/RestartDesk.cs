using System.Threading.Channels;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Planner;

/// <summary>
/// Takes requests on <c>service.restart.{zone}</c> to start a service of a zone again. An actor is started again by another assignment, which its
/// module converges to as to any change; what does not run here can only be started by whoever runs it, and the answer says so.
/// </summary>
sealed class RestartDesk
{
    /// <summary>Requests that wait for the planner's loop; zones ask for each service once in many heartbeats.</summary>
    const int Waiting = 256;

    readonly Channel<Asked> _asked = Channel.CreateBounded<Asked>(Waiting);
    readonly Dictionary<string, int> _counts = [];

    /// <summary>By workload: how often it was to be started again.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Answers one request when the new assignment is written.</summary>
    public async ValueTask<Message> AskAsync(Message request, CancellationToken cancellation)
    {
        var service = request.Payload.As(ContractsJson.Default.NameRequest).Name ?? "";
        var asked = new Asked(request.Subject[Subjects.ServiceRestart("").Length..], service, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_asked.Writer.TryWrite(asked))
            throw new FaultException(new Fault.Exhausted($"{service} is not started again now: {Waiting} restarts wait already, or the planner has stopped."));
        await asked.Done.Task.WaitAsync(cancellation);
        return new("");
    }

    /// <summary>Completes when somebody asks.</summary>
    public Task<bool> WaitAsync(CancellationToken cancellation) => _asked.Reader.WaitToReadAsync(cancellation).AsTask();

    /// <summary>Counts what was asked, lets <paramref name="replan"/> write it, and answers. Called by the planner's loop only.</summary>
    public async Task TakeAsync(Plan plan, Func<Task> replan)
    {
        List<Asked> taken = [];
        while (_asked.Reader.TryRead(out var asked))
            if (WorkloadOf(asked, plan) is { } workload)
            {
                _counts[workload] = _counts.GetValueOrDefault(workload) + 1;
                taken.Add(asked);
            }
            else
                asked.Done.SetException(new FaultException(new Fault.NotFound(
                    $"{asked.Service} of zone {asked.Zone} is none of the actors that run here: start it again where it runs.")));
        if (taken.Count == 0)
            return;
        await replan();
        foreach (var asked in taken)
            asked.Done.SetResult();
    }

    /// <summary>The loop has ended: nobody is answered any more.</summary>
    public void Close()
    {
        _asked.Writer.TryComplete();
        while (_asked.Reader.TryRead(out var asked))
            asked.Done.SetException(new FaultException(new Fault.Unreachable("The planner is stopping.")));
    }

    static string? WorkloadOf(Asked asked, Plan plan) => plan.Assignments.Values
        .Where(assignment => assignment.Zone?.Zone == asked.Zone)
        .SelectMany(assignment => assignment.LinkedFrom)
        .FirstOrDefault(link => link.ServiceName == asked.Service)?.Workload;

    sealed record Asked(string Zone, string Service, TaskCompletionSource Done);
}

using System.Collections.Immutable;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Planner;

/// <summary>
/// The part of a node that turns admitted blueprints into assignments and watches what becomes of them. One loop follows the ledger and the
/// statuses; everybody else sees the immutable <see cref="View"/> it leaves behind.
/// </summary>
public sealed class PlannerModule : IAsyncDisposable
{
    readonly ContractLog _log;
    readonly StatusMirror _mirror;
    readonly AssignmentBucket _assignments;
    readonly IReadOnlyList<NodeDescription> _nodes;
    readonly CancellationTokenSource _stopping = new();
    readonly PlannerAnswers _answers;
    readonly RestartDesk _restarts = new();
    readonly Dictionary<string, Contract> _leaving = [];
    readonly List<IAsyncDisposable> _services = [];
    Plan _plan = Plan.Empty;
    IReadOnlyDictionary<string, string> _refused = ImmutableDictionary<string, string>.Empty;

    PlannerModule(ContractLog log, IBucket assignments, IBucket statuses, IReadOnlyList<NodeDescription> nodes, PlannerAnswers answers) =>
        (_log, _assignments, _mirror, _nodes, _answers) = (log, new(assignments), new(statuses), nodes, answers);

    /// <summary>Ends when the planner is disposed, or with the fault that stopped it: a ledger it cannot read.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Replays the ledger and writes the assignments that follow from it, then goes on following, and serves <c>blueprint.list</c>,
    /// <c>blueprint.status</c>, <c>blueprint.follow</c> and <c>service.restart.*</c>.
    /// </summary>
    /// <param name="nodes">Where workloads may be placed: for now this node alone.</param>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when the ledger cannot be read.</exception>
    public static async Task<PlannerModule> StartAsync(
        ILattice lattice, IRecord record, IReadOnlyList<NodeDescription> nodes, TimeProvider time, CancellationToken cancellation = default)
    {
        var assignments = await lattice.OpenBucketAsync(new(Buckets.Assignments), cancellation);
        var statuses = await lattice.OpenBucketAsync(new(Buckets.Status), cancellation);
        var answers = new PlannerAnswers(record, time);
        var planner = new PlannerModule(new(record), assignments, statuses, nodes, answers);
        await planner.ReplanAsync(cancellation);
        planner.Tell();
        planner.Completion = planner.RunAsync(planner._stopping.Token);
        planner._services.Add(await lattice.ServeAsync(Subjects.BlueprintList, answers.ListAsync, cancellation: cancellation));
        planner._services.Add(await lattice.ServeAsync(Subjects.BlueprintStatus, answers.StatusAsync, cancellation: cancellation));
        planner._services.Add(await lattice.ServeAsync(Subjects.BlueprintFollow, answers.FollowAsync, cancellation: cancellation));
        planner._services.Add(await lattice.ServeAsync(Subjects.ServiceRestart("*"), planner._restarts.AskAsync, cancellation: cancellation));
        return planner;
    }

    /// <summary>Stops following and serving. Assignments stay as they are, so that what runs goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        _answers.Close();
        foreach (var service in _services)
            await service.DisposeAsync();
        await _stopping.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever watches Completion has its fault
        await _mirror.DisposeAsync();
        _answers.Dispose();
        _stopping.Dispose();
    }

    async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var (entries, statuses, restarts) = (_log.WaitAsync(stopping), _mirror.WaitAsync(stopping), _restarts.WaitAsync(stopping));
            while (true)
            {
                await Task.WhenAny(entries, statuses, restarts);
                if (entries.IsCompleted)
                {
                    await entries;
                    await ReplanAsync(stopping);
                    entries = _log.WaitAsync(stopping);
                }
                if (statuses.IsCompleted)
                {
                    await statuses;
                    await _mirror.TakeAsync();
                    statuses = _mirror.WaitAsync(stopping);
                }
                if (restarts.IsCompleted)
                {
                    await restarts;
                    await _restarts.TakeAsync(_plan, () => ReplanAsync(stopping));
                    restarts = _restarts.WaitAsync(stopping);
                }
                Tell();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (FaultException error)
        {
            _answers.Fail(error.Fault);
            throw;
        }
        catch (Exception error)
        {
            // Without this, who asks would wait for ever for a view that takes in the entry that did it.
            _answers.Fail(new Fault.Unreachable($"The planner stopped because of an error in the node ({error.GetType().Name}: {error.Message}): report it."));
            throw;
        }
        finally
        {
            _restarts.Close();
        }
    }

    async Task ReplanAsync(CancellationToken cancellation)
    {
        foreach (var removed in await _log.ReadOnAsync(cancellation))
            _leaving[removed.Name] = removed;
        foreach (var contract in _log.Contracts)
            _leaving.Remove(contract.Name);
        _plan = Plan.Of(_log.Contracts, _nodes, _restarts.Counts);
        _refused = await _assignments.ConvergeAsync(_plan, cancellation);
    }

    void Tell()
    {
        var statuses = _log.Contracts.Select(contract => Judgement.Of(contract, _plan, _mirror.Statuses, _refused)).ToList();
        var summaries = _log.Contracts.Zip(statuses).Select(pair => new BlueprintSummary(
            pair.First.Name, pair.First.Version, pair.First.Blueprint?.Description, pair.Second.State,
            pair.First.Blueprint?.Components.Count ?? 0, pair.First.Applied));
        _answers.Show(_log.Head, [.. statuses, .. Leaving()], [.. summaries]);
    }

    /// <summary>Removed blueprints of which something still runs; the others are forgotten.</summary>
    List<BlueprintStatus> Leaving()
    {
        var leaving = new List<BlueprintStatus>();
        foreach (var contract in _leaving.Values.ToList())
        {
            var prefix = WorkloadId.Of(contract.Name, "");
            List<WorkloadStatus> left = [.. _mirror.Statuses.Values.Where(status => status.Workload.StartsWith(prefix, StringComparison.Ordinal))];
            if (left.Count > 0)
                leaving.Add(Judgement.Leaving(contract, left));
            else
                _leaving.Remove(contract.Name);
        }
        return leaving;
    }
}

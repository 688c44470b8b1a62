using System.Collections.Concurrent;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Contracts;

/// <summary>
/// Keeps what a module runs equal to what its node is assigned: watches bucket <c>assignments</c>, calls the module's handlers, and writes what they
/// say into bucket <c>status</c>. Each workload has a lane of its own, so that one that is slow to start holds up no other.
/// </summary>
public sealed class AssignmentWatch : IAsyncDisposable
{
    readonly IBucket _assignments;
    readonly IBucket _status;
    readonly string _node;
    readonly WorkloadHandlers _handlers;
    readonly ConcurrentDictionary<string, WorkloadLane> _lanes = [];
    readonly CancellationTokenSource _stopping = new();
    Task _loop = Task.CompletedTask;

    AssignmentWatch(IBucket assignments, IBucket status, string node, WorkloadHandlers handlers) =>
        (_assignments, _status, _node, _handlers) = (assignments, status, node, handlers);

    /// <summary>Begins to converge. Completes once the watch is live; the workloads start after that.</summary>
    public static async Task<AssignmentWatch> StartAsync(
        ILattice lattice, string node, WorkloadHandlers handlers, CancellationToken cancellation = default)
    {
        var assignments = await lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments), cancellation);
        var status = await lattice.OpenBucketAsync(new BucketOptions(Buckets.Status), cancellation);
        var watch = new AssignmentWatch(assignments, status, node, handlers);
        watch._loop = watch.FollowAsync(await assignments.WatchAsync(node + ".>", cancellation));
        return watch;
    }

    /// <summary>Publishes a status that changed without a change of assignment, such as a workload that died.</summary>
    public async Task ReportAsync(WorkloadStatus status, CancellationToken cancellation = default) =>
        await _status.PutAsync(Key(status.Workload), Payload.Of(status, ContractsJson.Default.WorkloadStatus).ToBytes(), cancellation: cancellation);

    /// <summary>
    /// Has those workloads started once more whose last start failed and of whose assignment <paramref name="which"/> holds, because what they lacked
    /// has come. When it returns, their statuses say <see cref="WorkloadState.Starting"/>.
    /// </summary>
    public Task TryAgainAsync(Func<Assignment, bool> which) => Task.WhenAll(_lanes.Values.Select(lane => lane.TryAgainAsync(which)));

    /// <summary>Has the handlers called again for workloads of whose assignment <paramref name="which"/> holds: something else that they depend on has changed.</summary>
    public void Again(Func<Assignment, bool> which)
    {
        foreach (var lane in _lanes.Values)
            lane.Again(which);
    }

    /// <summary>Stops following, then stops every workload and takes its status back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        foreach (var lane in _lanes.Values)
            lane.Want(null);
        await Task.WhenAll(_lanes.Values.Select(lane => lane.DisposeAsync().AsTask()));
        _lanes.Clear();
        _stopping.Dispose();
    }

    async Task FollowAsync(Watch watch)
    {
        while (!await FollowUntilLostAsync(watch))
            watch = await _assignments.WatchAsync(_node + ".>", CancellationToken.None);
    }

    /// <summary>True when asked to stop, false when the watch was lost and has to be opened again.</summary>
    async Task<bool> FollowUntilLostAsync(Watch watch)
    {
        HashSet<string> present = [];
        await using var _ = watch;
        try
        {
            await foreach (var change in watch.ReadAllAsync(_stopping.Token))
                switch (change)
                {
                    case WatchEvent.Put { Entry: var entry }:
                        present.Add(entry.Key);
                        await AssignAsync(entry);
                        break;
                    case WatchEvent.Removed { Key: var key }:
                        Unassign(key);
                        break;
                    case WatchEvent.Current:
                        // What a lost watch could not tell: these were removed meanwhile.
                        foreach (var key in _lanes.Keys.Except(present).ToList())
                            Unassign(key);
                        break;
                }
            return false;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (FaultException error) when (error.Fault is Fault.Exhausted)
        {
            return false;
        }
    }

    async Task AssignAsync(BucketEntry entry)
    {
        Assignment assignment;
        try
        {
            assignment = Payload.Of(entry.Value).As(ContractsJson.Default.Assignment);
        }
        catch (FaultException error)
        {
            var workload = entry.Key[(_node.Length + 1)..];
            await ReportAsync(new WorkloadStatus(_node, workload, "", Revision: 0, WorkloadState.Failed, Instances: 0, error.Fault.Message, Urls: []));
            return;
        }
        if (!_handlers.Mine(assignment))
            Unassign(entry.Key);
        else if (_lanes.TryGetValue(entry.Key, out var lane))
            lane.Want(assignment);
        else
            _lanes[entry.Key] = new WorkloadLane(assignment, _handlers, ReportAsync, RetractAsync);
    }

    // The lane stays: the workload may be assigned again while it is still being stopped, and the two must not overlap.
    void Unassign(string key)
    {
        if (_lanes.TryGetValue(key, out var lane))
            lane.Want(null);
    }

    async Task RetractAsync(string workload) => await _status.DeleteAsync(Key(workload));

    string Key(string workload) => $"{_node}.{workload}";
}

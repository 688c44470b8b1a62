using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Modules;

/// <summary>Does for a provider what the planner does, and awaits what its module says.</summary>
static class Assigning
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    extension(ILattice lattice)
    {
        /// <summary>Completes with the status that is not of a start.</summary>
        public async Task<WorkloadStatus> AssignAsync(Assignment assignment)
        {
            var assignments = await lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
            await using var watch = await lattice.WatchStatusAsync();
            await assignments.PutAsync($"{assignment.Node}.{assignment.Workload}", Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes());
            using var patience = new CancellationTokenSource(Patience);
            await foreach (var one in watch.ReadAllAsync(patience.Token))
                if (one is WatchEvent.Put { Entry: var entry }
                    && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is { State: not WorkloadState.Starting } told
                    && told.Revision == assignment.Revision)
                    return told;
            throw new InvalidOperationException("The status bucket closed.");
        }

        /// <summary>Completes when there is no status any more.</summary>
        public async Task UnassignAsync(string node, string workload)
        {
            var assignments = await lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
            await using var watch = await lattice.WatchStatusAsync();
            await assignments.DeleteAsync($"{node}.{workload}");
            using var patience = new CancellationTokenSource(Patience);
            await foreach (var one in watch.ReadAllAsync(patience.Token))
                if (one is WatchEvent.Removed)
                    return;
        }

        async Task<Watch> WatchStatusAsync() => await (await lattice.OpenBucketAsync(new BucketOptions(Buckets.Status))).WatchAsync();
    }
}

using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>
/// The module that remembers: it provides <c>wasmcloud:keyvalue</c> to the actors of its node, from durable buckets. Each link has a bucket of
/// its own, unless its value <c>bucket</c> names one that several links of the provider share.
/// </summary>
public sealed class KeyValueModule : IAsyncDisposable
{
    readonly ILattice _lattice;
    readonly TimeProvider _time;
    readonly ConcurrentDictionary<string, Provider> _providers = new();
    AssignmentWatch? _assignments;

    KeyValueModule(ILattice lattice, TimeProvider time) => (_lattice, _time) = (lattice, time);

    /// <summary>Begins to follow the assignments of <paramref name="node"/>. Providers are served after it returns; their status tells when.</summary>
    /// <param name="lattice">A bus that keeps durable buckets; not owned.</param>
    /// <param name="node">Its name.</param>
    /// <param name="time">By which changes that components are being told of end.</param>
    /// <param name="cancellation">Calls off the start.</param>
    public static async Task<KeyValueModule> StartAsync(ILattice lattice, string node, TimeProvider time, CancellationToken cancellation = default)
    {
        var module = new KeyValueModule(lattice, time);
        var handlers = new WorkloadHandlers(IsKeyValue, module.ConvergeAsync, module.StopAsync);
        module._assignments = await AssignmentWatch.StartAsync(lattice, node, handlers, cancellation);
        return module;
    }

    /// <summary>Takes no more calls and awaits those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_assignments is not null)
            await _assignments.DisposeAsync();
    }

    static bool IsKeyValue(Assignment assignment) => assignment is { Kind: ComponentKind.Capability, Contract: KeyValueContract.Id };

    async Task<WorkloadStatus> ConvergeAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (assignment.Image != KeyValueContract.Image)
            throw new FaultException(new Fault.Invalid(assignment.Component,
                $"The image {assignment.Image} of {assignment.Component} cannot provide {KeyValueContract.Id}: this node has {KeyValueContract.Image} for it."));
        var stores = await LinkStores.OpenAsync(_lattice, assignment, cancellation);
        if (_providers.TryGetValue(assignment.Workload, out var provider))
            provider.Use(stores);
        else
            _providers[assignment.Workload] = provider = await Provider.StartAsync(_lattice, _time, assignment.Workload, stores);
        await provider.Watches.ConvergeAsync(assignment, cancellation);
        var (links, watches) = (stores.Count, provider.Watches.Count);
        return new WorkloadStatus(
            assignment.Node, assignment.Workload, assignment.Component, assignment.Revision, WorkloadState.Running, Instances: 1,
            $"Keeps the data of {links} {(links == 1 ? "link" : "links")}{(watches == 0 ? "" : $", tells {watches} of changes")}.", Urls: []);
    }

    async Task StopAsync(string workload)
    {
        if (_providers.TryRemove(workload, out var provider))
            await provider.DisposeAsync();
    }
}

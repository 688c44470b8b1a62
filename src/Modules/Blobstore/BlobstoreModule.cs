using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Blobstore;

/// <summary>
/// The module that keeps objects of any size: it provides <c>wasi:blobstore</c> to the components of its node. Contents are files, what they are called is in
/// the record. Each link has a store of its own, unless its setting <c>store</c> names one that several links of the provider share.
/// </summary>
public sealed class BlobstoreModule : IAsyncDisposable
{
    readonly BlobstoreHost _host;
    readonly ConcurrentDictionary<string, Provider> _providers = new();
    AssignmentWatch? _assignments;

    BlobstoreModule(BlobstoreHost host) => _host = host;

    /// <summary>Begins to follow the assignments of <paramref name="node"/>. Providers are served after it returns; their status tells when.</summary>
    /// <param name="host">What the module works with; none of it is owned.</param>
    /// <param name="node">Its name.</param>
    /// <param name="cancellation">Calls off the start.</param>
    public static async Task<BlobstoreModule> StartAsync(BlobstoreHost host, string node, CancellationToken cancellation = default)
    {
        var module = new BlobstoreModule(host);
        var handlers = new WorkloadHandlers(IsBlobstore, module.ConvergeAsync, module.StopAsync);
        module._assignments = await AssignmentWatch.StartAsync(host.Lattice, node, handlers, cancellation);
        return module;
    }

    /// <summary>Takes no more calls and awaits those under way. What was not committed is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_assignments is not null)
            await _assignments.DisposeAsync();
    }

    static bool IsBlobstore(Assignment assignment) => assignment is { Kind: ComponentKind.Capability, Contract: BlobstoreContract.Id };

    async Task<WorkloadStatus> ConvergeAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (assignment.Image != BlobstoreContract.Image)
            throw new FaultException(new Fault.Invalid(assignment.Component,
                $"The image {assignment.Image} of {assignment.Component} cannot provide {BlobstoreContract.Id}: this node has {BlobstoreContract.Image} for it."));
        var settings = ProviderSettings.Read(assignment);
        if (_providers.TryGetValue(assignment.Workload, out var provider))
            provider.Use(settings);
        else
            _providers[assignment.Workload] = await Provider.StartAsync(_host, assignment.Workload, settings, cancellation);
        var links = settings.Links.Count;
        return new WorkloadStatus(
            assignment.Node, assignment.Workload, assignment.Component, assignment.Revision, WorkloadState.Running, Instances: 1,
            $"Keeps the objects of {links} {(links == 1 ? "link" : "links")}.", Urls: []);
    }

    async Task StopAsync(string workload)
    {
        if (_providers.TryRemove(workload, out var provider))
            await provider.DisposeAsync();
    }
}

/// <param name="Lattice">On which providers are served.</param>
/// <param name="Record">Where the index of each provider is.</param>
/// <param name="Folder">Where contents are; made when missing, and closed to all but its owner.</param>
/// <param name="Time">By which what is silent is given up.</param>
/// <param name="Random">For names that nobody can guess.</param>
public sealed record BlobstoreHost(ILattice Lattice, IRecord Record, string Folder, TimeProvider Time, IRandom Random);

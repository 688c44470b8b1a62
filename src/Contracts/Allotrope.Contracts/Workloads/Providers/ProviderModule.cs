using System.Collections.Concurrent;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Contracts;

/// <summary>A module of providers of one kind: follows the assignments of its node, and runs one provider for each that is its own.</summary>
public sealed class ProviderModule : IAsyncDisposable
{
    readonly ProviderKind _kind;
    readonly ConcurrentDictionary<string, IProvider> _running = new();
    AssignmentWatch? _assignments;

    ProviderModule(ProviderKind kind) => _kind = kind;

    /// <summary>Begins to follow the assignments of <paramref name="node"/>. Providers are there after it returns; their status tells when.</summary>
    public static async Task<ProviderModule> StartAsync(ILattice lattice, string node, ProviderKind kind, CancellationToken cancellation)
    {
        var module = new ProviderModule(kind);
        var handlers = new WorkloadHandlers(module.IsOwn, module.ConvergeAsync, module.StopAsync);
        module._assignments = await AssignmentWatch.StartAsync(lattice, node, handlers, cancellation);
        return module;
    }

    public async ValueTask DisposeAsync()
    {
        if (_assignments is not null)
            await _assignments.DisposeAsync();
    }

    bool IsOwn(Assignment assignment) => assignment.Kind == ComponentKind.Capability && assignment.Contract == _kind.Contract;

    async Task<WorkloadStatus> ConvergeAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (assignment.Image != _kind.Image)
            throw new FaultException(new Fault.Invalid(assignment.Component,
                $"The image {assignment.Image} of {assignment.Component} cannot provide {_kind.Contract}: this node has {_kind.Image} for it."));
        if (!_running.TryGetValue(assignment.Workload, out var provider))
            _running[assignment.Workload] = provider = await _kind.OpenAsync(assignment, cancellation);
        var message = await provider.UseAsync(assignment, cancellation);
        return new WorkloadStatus(
            assignment.Node, assignment.Workload, assignment.Component, assignment.Revision, WorkloadState.Running, Instances: 1, message, Urls: []);
    }

    async Task StopAsync(string workload)
    {
        if (_running.TryRemove(workload, out var provider))
            await provider.DisposeAsync();
    }
}

using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>The components that a node runs, by workload.</summary>
sealed class ComponentWorkloads(ILattice lattice, CompiledComponents compiled, ComponentHost host, GuestThreads threads)
{
    readonly ConcurrentDictionary<string, ServedComponent> _running = new();

    public ComponentRevision? Running(string workload) => _running.GetValueOrDefault(workload)?.Workload.Revision;

    /// <summary>Runs <paramref name="wanted"/>, in place of what runs of the workload. What fails leaves that as it was.</summary>
    /// <exception cref="FaultException">It cannot run; the sentence says why.</exception>
    public async Task<ComponentRevision> StartAsync(Assignment wanted, string digest, CancellationToken cancellation)
    {
        var code = await compiled.GetAsync(wanted.Workload, digest, cancellation);
        var next = await ComponentRevision.StartAsync(wanted, code, host, threads, cancellation);
        if (_running.TryGetValue(wanted.Workload, out var served))
            served.Workload.Exchange(next);
        else
            _running[wanted.Workload] = await ServedComponent.StartAsync(lattice, new ComponentWorkload(next, threads), host.Time, cancellation);
        return next;
    }

    public async Task StopAsync(string workload)
    {
        if (_running.TryRemove(workload, out var served))
            await served.DisposeAsync();
    }

    public void Trim()
    {
        foreach (var served in _running.Values)
            served.Workload.Trim();
    }
}

using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>The components that a node runs, by workload.</summary>
sealed class ComponentWorkloads(CompiledComponents compiled, ComponentHost host, GuestThreads threads)
{
    readonly ConcurrentDictionary<string, ServedComponent> _running = new();
    readonly PartFinder _parts = new(compiled, host);

    public ComponentRevision? Running(string workload) => _running.GetValueOrDefault(workload)?.Workload.Revision;

    /// <summary>Runs <paramref name="wanted"/>, in place of what runs of the workload. What fails leaves that as it was.</summary>
    /// <exception cref="FaultException">It cannot run; the sentence says why.</exception>
    public async Task<ComponentRevision> StartAsync(Assignment wanted, CancellationToken cancellation)
    {
        var linked = await _parts.FindAsync(wanted, cancellation);
        var next = await ComponentRevision.StartAsync(wanted, linked, host, threads, cancellation);
        if (_running.TryGetValue(wanted.Workload, out var served))
            served.Workload.Exchange(next);
        else
            _running[wanted.Workload] = await ServedComponent.StartAsync(host.Lattice, new ComponentWorkload(next, threads), host.Time, cancellation);
        return next;
    }

    /// <summary>Whether <paramref name="running"/> is what <see cref="StartAsync"/> would make of <paramref name="wanted"/>.</summary>
    /// <inheritdoc cref="StartAsync" path="/exception"/>
    public async Task<bool> IsAsync(ComponentRevision running, Assignment wanted, CancellationToken cancellation) =>
        running.Assignment.IsSameAs(wanted) && await _parts.AreSameAsync(running.Linked, wanted, cancellation);

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

using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>
/// The module that remembers: it provides <c>wasmcloud:keyvalue</c> to the actors of its node, and <c>wasi:keyvalue</c> to its components, from durable buckets.
/// Each link has a bucket of its own, unless its value <c>bucket</c> names one that several links of the provider share.
/// </summary>
public static class KeyValueModule
{
    /// <param name="lattice">A bus that keeps durable buckets; not owned.</param>
    /// <param name="node">Its name.</param>
    /// <param name="time">By which changes that components are being told of end.</param>
    /// <param name="cancellation">Calls off the start.</param>
    public static Task<ProviderModule> StartAsync(ILattice lattice, string node, TimeProvider time, CancellationToken cancellation = default)
    {
        var kind = new ProviderKind(
            KeyValueContract.Id, KeyValueContract.Image, async (assignment, opening) => await Provider.StartAsync(lattice, time, assignment, opening));
        return ProviderModule.StartAsync(lattice, node, kind, cancellation);
    }
}

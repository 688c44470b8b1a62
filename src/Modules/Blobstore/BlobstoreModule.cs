using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Blobstore;

/// <summary>
/// The module that keeps objects of any size: it provides <c>wasi:blobstore</c> to the components of its node. Contents are files, what they are called is in
/// the record. Each link has a store of its own, unless its setting <c>store</c> names one that several links of the provider share.
/// </summary>
public static class BlobstoreModule
{
    /// <param name="host">What the module works with; none of it is owned.</param>
    /// <param name="node">Its name.</param>
    /// <param name="cancellation">Calls off the start.</param>
    public static Task<ProviderModule> StartAsync(BlobstoreHost host, string node, CancellationToken cancellation = default)
    {
        var kind = new ProviderKind(BlobstoreContract.Id, BlobstoreContract.Image, async (assignment, opening) => await Provider.StartAsync(host, assignment, opening));
        return ProviderModule.StartAsync(host.Lattice, node, kind, cancellation);
    }
}

/// <param name="Lattice">On which providers are served.</param>
/// <param name="Record">Where the index of each provider is.</param>
/// <param name="Folder">Where contents are; made when missing, and closed to all but its owner.</param>
/// <param name="Time">By which what is silent is given up.</param>
/// <param name="Random">For names that nobody can guess.</param>
public sealed record BlobstoreHost(ILattice Lattice, IRecord Record, string Folder, TimeProvider Time, IRandom Random)
{
    internal Disk Disk { get; init; } = Disk.Real;
}

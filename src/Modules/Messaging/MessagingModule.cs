using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Messaging;

/// <summary>
/// The module that carries messages between components: each provider is a space of subjects of its own on the bus. Components linked to it publish there; those
/// that it links to get the messages of the subjects which the link says.
/// </summary>
public static class MessagingModule
{
    /// <param name="lattice">Not owned.</param>
    /// <param name="node">Its name.</param>
    /// <param name="time">By which messages that are being handled end.</param>
    /// <param name="cancellation">Calls off the start.</param>
    public static Task<ProviderModule> StartAsync(ILattice lattice, string node, TimeProvider time, CancellationToken cancellation = default)
    {
        var kind = new ProviderKind(
            MessagingContract.Id, MessagingContract.Image, (assignment, _) => Task.FromResult<IProvider>(new Provider(lattice, time, assignment.Workload)));
        return ProviderModule.StartAsync(lattice, node, kind, cancellation);
    }
}

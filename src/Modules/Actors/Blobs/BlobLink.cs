using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>A component's way to a blobstore provider: its links of one name.</summary>
/// <param name="failed">Told what is not the guest's to mend.</param>
/// <param name="stop">Ends what the guest waits for.</param>
sealed class BlobLink(ILattice lattice, string origin, IReadOnlyList<BoundLink> links, Action<Fault> failed, CancellationToken stop)
{
    public const string Package = "wasi:blobstore";

    /// <summary>What the link's settings call the containers that it reaches, separated by commas.</summary>
    const string ContainersSetting = "containers";

    /// <summary>Within which the disk takes or gives a piece, or all of a large object has come to it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly HashSet<string> _interfaces = [.. links.SelectMany(link => link.Interfaces)];
    readonly string[]? _containers = links[0].Values.GetValueOrDefault(ContainersSetting)?.Split(',', StringSplitOptions.TrimEntries);

    public string Name => links[0].Name;

    /// <summary>Whether it says which containers it reaches.</summary>
    public bool IsForSome => _containers is not null;

    /// <summary>Whether it says that it reaches that container.</summary>
    public bool IsFor(string container) => _containers?.Contains(container, StringComparer.Ordinal) is true;

    /// <summary>Asks the provider. What it refuses is an error for the guest.</summary>
    /// <param name="face">The interface of the package that the guest calls: the link may not be for it, although another is.</param>
    /// <param name="operation">What is asked.</param>
    public async ValueTask<Result<BlobReply, string>> AskAsync(string face, BlobOperation operation)
    {
        if (!_interfaces.Contains(face))
            return $"The link {Name} is not for {Package}/{face}: add {face} to its interfaces.";
        try
        {
            return await AskAsync(operation);
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
    }

    /// <exception cref="FaultException">What the provider refuses.</exception>
    public async ValueTask<BlobReply> AskAsync(BlobOperation operation)
    {
        try
        {
            var reply = await lattice.RequestAsync(Message(operation), Patience, stop);
            return reply.Payload.As(ContractsJson.Default.BlobReply);
        }
        catch (FaultException error) when (error.Fault is Fault.Exhausted or Fault.Damaged or Fault.Failed or Fault.TimedOut)
        {
            failed(error.Fault);
            throw;
        }
    }

    /// <summary>Says to the provider what nobody waits for: also at the end of an instance, when nobody could.</summary>
    public void Say(BlobOperation operation)
    {
        var said = lattice.PublishAsync(Message(operation), CancellationToken.None);
        if (!said.IsCompletedSuccessfully)
            _ = said.AsTask(); // what is not heard, the provider gives up by itself after a while
    }

    Message Message(BlobOperation operation) => new(
        Subjects.Blobs(links[0].Workload), Payload.Of(new BlobCall(origin, Name, operation), ContractsJson.Default.BlobCall));
}

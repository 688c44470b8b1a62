using Allotrope.Wasi;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>What one component of those in an instance has for itself: its memories, and what it has of the host.</summary>
sealed class GuestPart : IDisposable
{
    const uint PagesPerMebibyte = 16;

    readonly LogOutput _output, _errors;

    /// <param name="part">The component.</param>
    /// <param name="revision">Whose calls it runs in.</param>
    public GuestPart(ComponentPart part, ComponentRevision revision)
    {
        var limits = part.Assignment.Limits;
        var log = part.Log;
        (_output, _errors) = (new LogOutput(log, "info"), new LogOutput(log, "error"));
        State = new ComponentState(
            new WasiState
            {
                Stdout = _output,
                Stderr = _errors,
                Time = revision.Host.Time,
                Random = revision.Host.Random,
                Preopens = part.Folders,
                Network = part.Network,
                NetworkDenied = part.TellDenied,
                Names = part.Connections.Names,
                Limits = new WasiLimits { Sockets = part.Network.Peers.Count > 0 ? ActorLimits.Sockets : 0, Descriptors = ActorLimits.OpenFiles }, // one that may go nowhere need not take a descriptor
            }, part, revision);
        Store = new Store(new StoreLimits
        {
            MemoryPages = (uint)limits.MemoryMebibytes * PagesPerMebibyte,
            HeapBytes = (long)limits.MemoryMebibytes << 20,
            TableElements = ActorLimits.TableElements,
            StackBytes = ActorLimits.GuestStackBytes,
        });
    }

    public ComponentState State { get; }

    public Store Store { get; }

    /// <summary>What has no end of line yet is said when the call is over.</summary>
    public void Say()
    {
        _output.Say();
        _errors.Say();
    }

    public void Dispose()
    {
        State.Dispose();
        Store.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }
}

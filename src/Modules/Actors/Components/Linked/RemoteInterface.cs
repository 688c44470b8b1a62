using System.Buffers;
using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>An interface that a component imports and one on another node exports: each call is a request on the bus (docs/reference/component-values.md).</summary>
/// <param name="lattice">The bus.</param>
/// <param name="caller">The workload that imports.</param>
/// <param name="workload">The one that exports.</param>
/// <param name="import">What the caller calls the interface.</param>
sealed class RemoteInterface(ILattice lattice, string caller, string workload, string import)
{
    static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    /// <exception cref="FaultException"><see cref="Fault.Refused"/>: its values cannot leave the process.</exception>
    public void AddTo(ComponentLinker<ComponentState> linker, Components.Component component)
    {
        if (component.Type.Imports[import] is ComponentExternType.Instance instance)
            foreach (var (name, type) in instance.Type.Exports)
                if (Obstacle(type) is { } reason)
                    throw new FaultException(new Fault.Refused(
                        $"Component {caller} is linked to {workload} on another node and cannot call `{name}` of {import} there: {reason}. " +
                        "Place both on the same nodes, by the same spread, or link to one that is there."));
        linker.Instance(import).Functions(Function);
    }

    static string? Obstacle(ComponentExternType type) => type switch
    {
        ComponentExternType.Func function => FunctionEncoding.Obstacle(function.Type),
        ComponentExternType.Bound { Is: ResourceType } => "it is a resource, which lives in one process",
        _ => null,
    };

    Func<ComponentState, object?[], ValueTask<object?>> Function(string name, ComponentFunctionType type)
    {
        var encoding = new FunctionEncoding(type);
        return (state, arguments) => CallAsync(name, encoding, state, arguments);
    }

    async ValueTask<object?> CallAsync(string name, FunctionEncoding encoding, ComponentState state, object?[] arguments)
    {
        var bytes = new ArrayBufferWriter<byte>();
        encoding.WriteArguments(arguments, bytes);
        if (bytes.WrittenCount > ActorLimits.HostCallBytes)
            throw new FaultException(new Fault.Exhausted(
                $"Component {caller} calls `{name}` of {workload} with {bytes.WrittenCount} bytes; {ActorLimits.HostCallBytes} are the most between nodes."));
        var left = state.Time?.Left ?? LatticeLimits.RequestTimeout;
        var call = new FunctionCall(FunctionCall.CurrentVersion, caller, import, name, encoding.Digest, bytes.WrittenMemory, left);
        var reply = await lattice.RequestAsync(
            new Message(Subjects.Function(workload), Payload.Of(call, ContractsJson.Default.FunctionCall)), left > LeastTime ? left : LeastTime, state.Wasi.Stop);
        try
        {
            return encoding.ReadResult(reply.Payload.As(ContractsJson.Default.FunctionReply).Result.Span);
        }
        catch (InvalidDataException error)
        {
            throw new FaultException(new Fault.Damaged($"What {workload} answered to `{name}` of {import} is no {encoding.Type.Result}: {error.Message}."), error);
        }
    }
}

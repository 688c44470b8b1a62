using System.Buffers;
using System.Collections.Concurrent;
using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>What components on other nodes may call of a component.</summary>
/// <param name="workload">Its name, for messages.</param>
sealed class ExportedFunctions(string workload)
{
    readonly ConcurrentDictionary<ComponentFunctionType, FunctionEncoding> _encodings = new(ReferenceEqualityComparer.Instance);

    /// <summary>Calls a function of an instance.</summary>
    /// <exception cref="FaultException">It exports no such function, or the caller takes it for another; the sentence says so.</exception>
    public async ValueTask<FunctionReply> CallAsync(ComponentInstance instance, FunctionCall call)
    {
        if (call.Version != FunctionCall.CurrentVersion)
            throw new FaultException(new Fault.Refused(
                $"{call.Origin} calls {workload} in version {call.Version} of calls between components and this node speaks {FunctionCall.CurrentVersion}; run the same release on both nodes."));
        if (!instance.TryGetInstance(call.Interface, out var face) || face.Exports.GetValueOrDefault(call.Function) is not ComponentExternType.Func { Type: var type })
            throw new FaultException(new Fault.NotFound(
                $"Component {workload} exports no `{call.Function}` of {call.Interface}, which {call.Origin} calls; `allot wit` shows what it exports."));
        if (FunctionEncoding.Obstacle(type) is { } reason)
            throw new FaultException(new Fault.Refused($"`{call.Function}` of {call.Interface} of {workload} cannot be called from another node: {reason}."));
        var encoding = _encodings.GetOrAdd(type, static type => new FunctionEncoding(type));
        if (!encoding.Digest.Span.SequenceEqual(call.Type.Span))
            throw new FaultException(new Fault.Refused(
                $"Component {workload} exports `{call.Function}` of {call.Interface} as {type}, and {call.Origin} imports it in another form; build both from the same WIT."));
        var result = await face.GetFunctionOfValues(call.Function)(Read(encoding, call));
        var bytes = new ArrayBufferWriter<byte>();
        encoding.WriteResult(result, bytes);
        return bytes.WrittenCount <= ActorLimits.ResponseBytes
            ? new FunctionReply(bytes.WrittenMemory)
            : throw new FaultException(new Fault.Exhausted(
                $"Component {workload} gave {bytes.WrittenCount} bytes for `{call.Function}`; {ActorLimits.ResponseBytes} are the most between nodes."));
    }

    static object?[] Read(FunctionEncoding encoding, FunctionCall call)
    {
        try
        {
            return encoding.ReadArguments(call.Arguments.Span);
        }
        catch (InvalidDataException error)
        {
            throw new FaultException(new Fault.Invalid("arguments",
                $"What {call.Origin} gave `{call.Function}` of {call.Interface} is no {encoding.Type}: {error.Message}."), error);
        }
    }
}

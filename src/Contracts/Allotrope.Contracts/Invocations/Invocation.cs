namespace Allotrope.Contracts;

/// <summary>One call from a workload to another, as wasmbus-rpc has it. In process the record itself is handed over.</summary>
/// <param name="Origin">The calling workload, or <c>node</c> for the command line.</param>
/// <param name="Contract">The contract the caller used, empty for a call to an actor by key or alias.</param>
/// <param name="LinkName">Which of several links of that contract.</param>
/// <param name="Operation"><c>Service.Method</c>, such as <c>HttpServer.HandleRequest</c>.</param>
/// <param name="Body">The encoded argument (MessagePack, see wasmbus-rpc); not written after sending.</param>
public sealed record Invocation(string Origin, string Contract, string LinkName, string Operation, ReadOnlyMemory<byte> Body);

/// <param name="Body">The encoded result; empty when <paramref name="Error"/> is set.</param>
/// <param name="Error">The callee's error text. What went wrong on the way is a fault instead.</param>
public sealed record InvocationResult(ReadOnlyMemory<byte> Body, string? Error = null);

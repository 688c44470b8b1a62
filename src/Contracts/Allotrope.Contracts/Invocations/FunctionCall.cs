namespace Allotrope.Contracts;

/// <summary>A call of a component's function by a component on another node, as docs/reference/component-values.md has it.</summary>
/// <param name="Version"><see cref="CurrentVersion"/>; a node answers no other.</param>
/// <param name="Origin">The calling workload.</param>
/// <param name="Interface">As the caller imports it, such as <c>demo:greeting/names@0.1.0</c>.</param>
/// <param name="Function">Its name in the interface.</param>
/// <param name="Type">16 bytes that tell whether both sides take the function for the same.</param>
/// <param name="Arguments">The values; not written after sending.</param>
/// <param name="Left">How long the caller waits.</param>
public sealed record FunctionCall(
    int Version, string Origin, string Interface, string Function, ReadOnlyMemory<byte> Type, ReadOnlyMemory<byte> Arguments, TimeSpan Left)
{
    public const int CurrentVersion = 1;
}

/// <param name="Result">The value, or nothing where the function gives none. What went wrong is a fault instead.</param>
public sealed record FunctionReply(ReadOnlyMemory<byte> Result);

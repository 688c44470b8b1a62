namespace Allotrope.Wasm;

/// <summary>
/// The machine has less than a store's limits promise: memory to grow, a thread's stack, or room on the .NET heap. Thrown instead of what a guest would
/// see, where guests are deterministic: they must not depend on it.
/// </summary>
public sealed class HostExhaustedException(string message) : Exception(message);

namespace Allotrope.Wasm;

/// <summary>What the guests of one store may use together.</summary>
public sealed record StoreLimits
{
    /// <summary>Pages of 64 KiB of all memories together. Growing beyond fails as the instruction defines it (-1). Default: 65,536 (4 GiB).</summary>
    public uint MemoryPages { get; init; } = 65_536;

    /// <summary>
    /// Whether guests may have and import shared memories, on which several stores, each on its own thread, work at once. A shared memory counts with
    /// its maximum for the store that makes it. Default: no.
    /// </summary>
    public bool Threads { get; init; }

    /// <summary>Elements of all tables together. Default: 10,000,000 (80 MB), the limit browsers have.</summary>
    public uint TableElements { get; init; } = 10_000_000;

    /// <summary>
    /// Bytes of structs, arrays, small integers as references, and exceptions that guests keep alive together. It is estimated: guests get past it by
    /// half of it, or 16 MiB where that is more, before they trap with <see cref="TrapKind.HeapExhausted"/>. Deterministic
    /// guests trap when they have made that much in one call from the host. Default: 256 MiB.
    /// </summary>
    public long HeapBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Bytes of machine stack for nested calls; deeper recursion traps. On threads with less stack than this the guest gets what is there,
    /// less a reserve for the host. Unwinding costs about a microsecond a frame, so a small figure bounds the cost of a hostile recursion too.
    /// Default: 512 KiB.
    /// </summary>
    public int StackBytes { get; init; } = 512 << 10;
}

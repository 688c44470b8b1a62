namespace Allotrope.Wasm;

/// <summary>What a call of one function may do, by what can be proved from the module alone. Everything errs to the safe side.</summary>
/// <param name="Name">Under which it is exported; empty for the start function.</param>
/// <param name="FunctionIndex">In the module's index space.</param>
public sealed record ExportSignals(string Name, int FunctionIndex)
{
    /// <summary>Instructions from which on a ceiling is worth nothing to a scheduler: some ten minutes.</summary>
    public const ulong MostUsefulInstructions = 1UL << 40;

    /// <summary>The class suggested for it.</summary>
    public ScheduleClass Schedule =>
        MostInstructions is null or > MostUsefulInstructions ? ScheduleClass.Unbounded
        : Imports.Count > 0 || CallsOutside ? ScheduleClass.HostBound
        : ScheduleClass.Bounded;

    /// <summary>The imported functions that may be called before it returns; no other is.</summary>
    public IReadOnlyList<Import> Imports { get; init; } = [];

    /// <summary>
    /// Whether it may call functions that are neither the module's nor among its imports, through references from outside.
    /// </summary>
    public bool CallsOutside { get; init; }

    /// <summary>Whether functions may call one another in a circle.</summary>
    public bool Recurses { get; init; }

    /// <summary>
    /// Most instructions until it returns, as fuel counts them, without those of imports; of bulk instructions also their bytes or elements. Null when
    /// nothing can be proved.
    /// </summary>
    public ulong? MostInstructions { get; init; }

    /// <summary>Most calls within one another, itself included. Null with recursion.</summary>
    public ulong? MostDepth { get; init; }

    /// <summary>
    /// Most bytes of stack for its own and its callees' variables and operands, were they all kept there. Optimised code mostly takes less. Null with
    /// recursion.
    /// </summary>
    public ulong? MostStackBytes { get; init; }

    /// <summary>
    /// Most pages (64 KiB) by which it lets memories grow, together; 0 when it never asks for more. Null when only the memories' own maxima and the
    /// store's limits bound it.
    /// </summary>
    public ulong? MostPagesGrown { get; init; }

    /// <summary>How it may trap; empty when it cannot. Interruption, fuel and imports apart.</summary>
    public IReadOnlyList<TrapKind> Traps { get; init; } = [];

    /// <summary>Whether it may throw exceptions of WebAssembly; it may catch them all.</summary>
    public bool Throws { get; init; }

    /// <summary>Whether it makes structs or arrays on the heap.</summary>
    public bool MakesObjects { get; init; }

    /// <summary>The first thing found that keeps <see cref="MostInstructions"/> from being known.</summary>
    public UnboundedCode? Unbounded { get; init; }
}

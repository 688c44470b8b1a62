namespace Allotrope.Wasm;

/// <summary>
/// What RyuJIT looks at to decide whether it optimises a method, as it counts them: in the IL, before anything is inlined or imported.
/// </summary>
readonly record struct MethodSize(int IlBytes, int Instructions, int Blocks, int References, int Locals)
{
    /// <summary>
    /// RyuJIT optimises methods up to 60,000 bytes of IL, 20,000 instructions, 2,000 blocks, 2,000 locals and 8,000 references to locals and arguments
    /// (measured). These are somewhat less, since our own count of a method is made before its branches have their final length.
    /// </summary>
    internal static MethodSize Most { get; } = new(58_000, 19_500, 1_950, 7_800, 1_950);

    public static MethodSize operator +(MethodSize left, MethodSize right) => new(
        left.IlBytes + right.IlBytes,
        left.Instructions + right.Instructions,
        left.Blocks + right.Blocks,
        left.References + right.References,
        left.Locals + right.Locals);

    public static MethodSize operator -(MethodSize left, MethodSize right) => new(
        left.IlBytes - right.IlBytes,
        left.Instructions - right.Instructions,
        left.Blocks - right.Blocks,
        left.References - right.References,
        left.Locals - right.Locals);

    /// <summary>The share of a limit that it takes, of the limit it takes most of.</summary>
    internal double ShareOf(MethodSize limit) => Math.Max(
        Math.Max((double)IlBytes / limit.IlBytes, (double)Instructions / limit.Instructions),
        Math.Max(Math.Max((double)Blocks / limit.Blocks, (double)References / limit.References), (double)Locals / limit.Locals));
}

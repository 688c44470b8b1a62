namespace Allotrope.Wasm;

/// <summary>
/// A stretch of a function that may become a method of its own: whole instructions of one block, before which and after which the block's
/// operands are none. It is entered at its beginning only; it ends by going on behind it or by a branch to a block around it.
/// </summary>
/// <param name="Start">Where its first instruction begins in the module.</param>
/// <param name="End">Where the instruction behind it begins.</param>
/// <param name="Depth">How many blocks are around it, the function counted as one.</param>
/// <param name="Loops">How many of these are loops.</param>
/// <param name="Size">What it adds to the method that it is in.</param>
sealed record Part(int Start, int End, int Depth, int Loops, MethodSize Size)
{
    /// <summary>Locals whose values it needs, in order: the method's parameters.</summary>
    internal int[] Taken { get; set; } = [];

    /// <summary>Locals that it changes and that are read behind it, on whatever way it is left.</summary>
    internal int[] Given { get; set; } = [];

    /// <summary>All locals it reads or writes.</summary>
    internal int[] Used { get; set; } = [];
}

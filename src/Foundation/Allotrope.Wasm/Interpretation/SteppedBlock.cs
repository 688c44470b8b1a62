namespace Allotrope.Wasm;

/// <summary>A block that has not ended.</summary>
/// <param name="Height">Operands below it.</param>
/// <param name="Slot">Where what it takes and gives is at home.</param>
/// <param name="Reference">The same for references.</param>
/// <param name="Start">The first step in it.</param>
sealed record SteppedBlock(Opcode Kind, FunctionType Type, int Height, uint Slot, uint Reference, int Start)
{
    /// <summary>Steps whose branches go to the end.</summary>
    internal List<int> Jumps { get; } = [];

    /// <summary>The step that goes to the else of an if.</summary>
    internal int Otherwise { get; set; } = -1;

    internal CatchClause[] Catches { get; init; } = [];

    internal ReadOnlySpan<WasmType> Branch => (Kind == Opcode.Loop ? Type.Parameters : Type.Results).AsSpan();
}

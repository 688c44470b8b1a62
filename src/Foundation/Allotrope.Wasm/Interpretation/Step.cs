namespace Allotrope.Wasm;

/// <summary>
/// What the interpreter does next: an instruction whose operands and result are places in the frame. Places are numbers of eight-byte slots from the
/// frame's beginning, or of references, which are kept apart.
/// </summary>
struct Step
{
    /// <summary>Below <see cref="StepCodes.First"/> the instruction's own.</summary>
    internal Opcode Code;

    /// <summary>Where the result goes.</summary>
    internal uint A;

    /// <summary>The first operand.</summary>
    internal uint B;

    /// <summary>The second operand; in branches, how many bytes of steps to go.</summary>
    internal int C;

    /// <summary>A constant, the offset of an access, or the number of a <see cref="RareStep"/>.</summary>
    internal long Bits;
}

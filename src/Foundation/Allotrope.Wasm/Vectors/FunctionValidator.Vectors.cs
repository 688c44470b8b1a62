using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <content>What vector instructions name beside their operands.</content>
sealed partial class FunctionValidator
{
    /// <summary>A shuffle chooses among the bytes of two vectors.</summary>
    const byte ShuffledLanes = 32;

    static void CheckLanes(in Instruction instruction)
    {
        if (VectorSignatures.Lanes(instruction.Vector) is > 0 and var lanes && instruction.Lane >= lanes)
            throw InvalidLane(instruction.Lane, instruction.ByteOffset);
        if (instruction.Vector != VectorOpcode.I8x16Shuffle)
            return;
        ReadOnlySpan<long> halves = [instruction.Bits, instruction.High];
        foreach (var lane in MemoryMarshal.AsBytes(halves))
        {
            if (lane >= ShuffledLanes)
                throw InvalidLane(lane, instruction.ByteOffset);
        }
    }

    static InvalidModuleException InvalidLane(int lane, int at) => new($"invalid lane index {lane}", at);
}

using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <summary>Shifts count modulo the width of their lanes.</summary>
static class VectorShifts
{
    /// <summary>Width of the lanes that an instruction shifts; zero when it is no shift.</summary>
    internal static int LaneBits(VectorOpcode opcode) => opcode switch
    {
        >= I8x16Shl and <= I8x16ShrU => 8,
        >= I16x8Shl and <= I16x8ShrU => 16,
        >= I32x4Shl and <= I32x4ShrU => 32,
        >= I64x2Shl and <= I64x2ShrU => 64,
        _ => 0,
    };
}

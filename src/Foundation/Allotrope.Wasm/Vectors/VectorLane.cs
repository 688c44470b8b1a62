using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <summary>The type of the lane that an instruction reads or writes.</summary>
static class VectorLane
{
    internal static Type Of(VectorOpcode opcode) => opcode switch
    {
        I8x16ExtractLaneS => typeof(sbyte),
        I8x16ExtractLaneU or I8x16ReplaceLane or V128Load8Splat or V128Load8Lane or V128Store8Lane => typeof(byte),
        I16x8ExtractLaneS => typeof(short),
        I16x8ExtractLaneU or I16x8ReplaceLane or V128Load16Splat or V128Load16Lane or V128Store16Lane => typeof(ushort),
        I32x4ExtractLane or I32x4ReplaceLane or V128Load32Splat or V128Load32Lane or V128Store32Lane or V128Load32Zero => typeof(int),
        F32x4ExtractLane or F32x4ReplaceLane => typeof(float),
        F64x2ExtractLane or F64x2ReplaceLane => typeof(double),
        _ => typeof(long),
    };
}

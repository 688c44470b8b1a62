using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <summary>What vector instructions take and give, in the letters of <see cref="Signatures"/>; and how wide their accesses and lanes are.</summary>
static class VectorSignatures
{
    internal const Opcode First = (Opcode)V128Load;
    internal const Opcode Last = (Opcode)I32x4RelaxedDotI8x16I7x16AddS;

    static readonly FunctionType?[] ByCode =
        [.. Enumerable.Range(0, Last - First + 1).Select(code => TextOf((VectorOpcode)(First + code)) is { } text ? Signatures.Of(text) : null)];

    /// <summary>The signature, or null when there is no such instruction.</summary>
    internal static FunctionType? Of(VectorOpcode opcode) => (Opcode)opcode <= Last ? ByCode[(Opcode)opcode - First] : null;

    internal static bool IsAccess(VectorOpcode opcode) =>
        opcode is <= V128Store or (>= V128Load8Lane and <= V128Load64Zero);

    internal static bool IsLaneAccess(VectorOpcode opcode) => opcode is >= V128Load8Lane and <= V128Store64Lane;

    /// <summary>Bytes a load or store touches, as the exponent of two.</summary>
    internal static int AccessWidth(VectorOpcode opcode) => opcode switch
    {
        V128Load8Splat or V128Load8Lane or V128Store8Lane => 0,
        V128Load16Splat or V128Load16Lane or V128Store16Lane => 1,
        V128Load32Splat or V128Load32Lane or V128Store32Lane or V128Load32Zero => 2,
        V128Load or V128Store => 4,
        _ => 3,
    };

    /// <summary>Lanes the instruction can name; zero for those that name none.</summary>
    internal static int Lanes(VectorOpcode opcode) => opcode switch
    {
        I8x16ExtractLaneS or I8x16ExtractLaneU or I8x16ReplaceLane => 16,
        I16x8ExtractLaneS or I16x8ExtractLaneU or I16x8ReplaceLane => 8,
        I32x4ExtractLane or I32x4ReplaceLane or F32x4ExtractLane or F32x4ReplaceLane => 4,
        I64x2ExtractLane or I64x2ReplaceLane or F64x2ExtractLane or F64x2ReplaceLane => 2,
        _ when IsLaneAccess(opcode) => 16 >> AccessWidth(opcode),
        _ => 0,
    };

    static string? TextOf(VectorOpcode opcode) => opcode switch
    {
        <= V128Load64Splat or V128Load32Zero or V128Load64Zero => "i:v",
        V128Store or (>= V128Store8Lane and <= V128Store64Lane) => "iv:",
        >= V128Load8Lane and <= V128Load64Lane => "iv:v",
        V128Const => ":v",
        I8x16Splat or I16x8Splat or I32x4Splat => "i:v",
        I64x2Splat => "l:v",
        F32x4Splat => "f:v",
        F64x2Splat => "d:v",
        I8x16ExtractLaneS or I8x16ExtractLaneU or I16x8ExtractLaneS or I16x8ExtractLaneU or I32x4ExtractLane => "v:i",
        I64x2ExtractLane => "v:l",
        F32x4ExtractLane => "v:f",
        F64x2ExtractLane => "v:d",
        I8x16ReplaceLane or I16x8ReplaceLane or I32x4ReplaceLane or (>= I8x16Shl and <= I8x16ShrU) or (>= I16x8Shl and <= I16x8ShrU)
            or (>= I32x4Shl and <= I32x4ShrU) or (>= I64x2Shl and <= I64x2ShrU) => "vi:v",
        I64x2ReplaceLane => "vl:v",
        F32x4ReplaceLane => "vf:v",
        F64x2ReplaceLane => "vd:v",
        V128AnyTrue or I8x16AllTrue or I16x8AllTrue or I32x4AllTrue or I64x2AllTrue
            or I8x16Bitmask or I16x8Bitmask or I32x4Bitmask or I64x2Bitmask => "v:i",
        V128Bitselect or (>= F32x4RelaxedMadd and <= I64x2RelaxedLaneselect) or I32x4RelaxedDotI8x16I7x16AddS => "vvv:v",
        _ when TakesOne(opcode) => "v:v",
        _ => Enum.IsDefined(opcode) ? "vv:v" : null,
    };

    static bool TakesOne(VectorOpcode opcode) => opcode is V128Not or F32x4DemoteF64x2Zero or F64x2PromoteLowF32x4
        or I8x16Abs or I8x16Neg or I8x16Popcnt or (>= F32x4Ceil and <= F32x4Nearest) or F64x2Ceil or F64x2Floor or F64x2Trunc or F64x2Nearest
        or (>= I16x8ExtaddPairwiseI8x16S and <= I16x8Neg) or (>= I16x8ExtendLowI8x16S and <= I16x8ExtendHighI8x16U)
        or I32x4Abs or I32x4Neg or (>= I32x4ExtendLowI16x8S and <= I32x4ExtendHighI16x8U)
        or I64x2Abs or I64x2Neg or (>= I64x2ExtendLowI32x4S and <= I64x2ExtendHighI32x4U)
        or F32x4Abs or F32x4Neg or F32x4Sqrt or F64x2Abs or F64x2Neg or F64x2Sqrt
        or (>= I32x4TruncSatF32x4S and <= F64x2ConvertLowI32x4U) or (>= I32x4RelaxedTruncF32x4S and <= I32x4RelaxedTruncF64x2UZero);
}

using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <summary>
/// Which instructions compute floats, and so may make a NaN whose sign and payload the specification leaves open: deterministic code makes each the
/// canonical one. Those that copy bits are not among them.
/// </summary>
static class Canonical
{
    internal static bool MayMakeNaN(Opcode opcode) => opcode is (>= Opcode.F32Ceil and <= Opcode.F32Max) or (>= Opcode.F64Ceil and <= Opcode.F64Max)
        or Opcode.F32DemoteF64 or Opcode.F64PromoteF32;

    internal static bool MayMakeNaN(VectorOpcode opcode) => opcode
        is F32x4Ceil or F32x4Floor or F32x4Trunc or F32x4Nearest or F32x4Sqrt or (>= F32x4Add and <= F32x4Max)
        or F64x2Ceil or F64x2Floor or F64x2Trunc or F64x2Nearest or F64x2Sqrt or (>= F64x2Add and <= F64x2Max)
        or F32x4DemoteF64x2Zero or F64x2PromoteLowF32x4
        or F32x4RelaxedMadd or F32x4RelaxedNmadd or F64x2RelaxedMadd or F64x2RelaxedNmadd;

    /// <summary>Replaces the number on the IL stack.</summary>
    internal static void Emit(ILGenerator il, ValueKind kind) =>
        il.Emit(OpCodes.Call, Members.Method(typeof(FloatMath), nameof(FloatMath.Canonical), kind.ClrType));

    /// <summary>Replaces the vector on the IL stack.</summary>
    internal static void Emit(ILGenerator il, Type lane) =>
        il.Emit(OpCodes.Call, Members.Method(typeof(VectorFloats), nameof(VectorFloats.Canonical), typeof(Vector128<>).MakeGenericType(lane)));
}

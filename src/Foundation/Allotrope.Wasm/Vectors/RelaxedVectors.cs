using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <summary>
/// Instructions that leave the machine a choice of results. A deterministic module gets the first choice of the specification, which is mostly
/// that of a strict instruction; others get what is fastest here.
/// </summary>
static class RelaxedVectors
{
    /// <summary>The strict instruction with the same meaning; where there is none, the relaxed one.</summary>
    internal static VectorOpcode Strict(VectorOpcode opcode) => opcode switch
    {
        I8x16RelaxedSwizzle => I8x16Swizzle,
        I32x4RelaxedTruncF32x4S => I32x4TruncSatF32x4S,
        I32x4RelaxedTruncF32x4U => I32x4TruncSatF32x4U,
        I32x4RelaxedTruncF64x2SZero => I32x4TruncSatF64x2SZero,
        I32x4RelaxedTruncF64x2UZero => I32x4TruncSatF64x2UZero,
        F32x4RelaxedMin => F32x4Min,
        F32x4RelaxedMax => F32x4Max,
        F64x2RelaxedMin => F64x2Min,
        F64x2RelaxedMax => F64x2Max,
        I16x8RelaxedQ15mulrS => I16x8Q15mulrSatS,
        _ => Either(opcode),
    };

    /// <summary>The strict instruction, where nothing is faster on any machine.</summary>
    internal static VectorOpcode Either(VectorOpcode opcode) =>
        opcode is >= I8x16RelaxedLaneselect and <= I64x2RelaxedLaneselect ? V128Bitselect : opcode;

    /// <summary>Bytes chosen by the lower four bits of an index; by one beyond, what the machine likes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Swizzle(Vector128<byte> bytes, Vector128<byte> indices) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(bytes, indices) : Vector128.Shuffle(bytes, indices);

    // The product is rounded before the addition.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) => (left * right) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> MultiplyAdd(Vector128<double> left, Vector128<double> right, Vector128<double> addend) => (left * right) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> SubtractProduct(Vector128<float> left, Vector128<float> right, Vector128<float> from) => (-left * right) + from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> SubtractProduct(Vector128<double> left, Vector128<double> right, Vector128<double> from) => (-left * right) + from;

    // The product is rounded only where the machine has no fused instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> SubtractProductFused(Vector128<float> left, Vector128<float> right, Vector128<float> from) =>
        Vector128.MultiplyAddEstimate(-left, right, from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> SubtractProductFused(Vector128<double> left, Vector128<double> right, Vector128<double> from) =>
        Vector128.MultiplyAddEstimate(-left, right, from);

    /// <summary>Products of neighbours, added, both factors signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<short> Dot(Vector128<sbyte> left, Vector128<sbyte> right)
    {
        var (a, b) = (left.AsInt16(), right.AsInt16());
        return (((a << 8) >> 8) * ((b << 8) >> 8)) + ((a >> 8) * (b >> 8));
    }

    /// <summary>The second factor is meant to have seven bits, and so may be taken for unsigned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<short> DotFast(Vector128<sbyte> left, Vector128<sbyte> right) =>
        Ssse3.IsSupported ? Ssse3.MultiplyAddAdjacent(right.AsByte(), left) : Dot(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> DotAdd(Vector128<sbyte> left, Vector128<sbyte> right, Vector128<int> addend) =>
        VectorIntegers.AddPairs(Dot(left, right)) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> DotAddFast(Vector128<sbyte> left, Vector128<sbyte> right, Vector128<int> addend) =>
        VectorIntegers.AddPairs(DotFast(left, right)) + addend;
}

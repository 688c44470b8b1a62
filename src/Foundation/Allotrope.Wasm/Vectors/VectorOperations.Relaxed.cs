using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <content>Relaxed instructions: the fixed ones where no strict instruction does it, and the fast ones.</content>
static partial class VectorOperations
{
    static readonly VectorOperation?[] KnownFixed = new VectorOperation?[VectorSignatures.Last - VectorSignatures.First + 1];

    /// <summary>The method of an instruction that gives the same result on every machine.</summary>
    internal static VectorOperation FixedOf(VectorOpcode opcode) => KnownFixed[(Opcode)opcode - VectorSignatures.First] ??= Fixed(opcode) ?? Of(opcode);

    static VectorOperation? Fixed(VectorOpcode opcode) => opcode switch
    {
        F32x4RelaxedMadd => Three<float>(RelaxedVectors.MultiplyAdd),
        F32x4RelaxedNmadd => Three<float>(RelaxedVectors.SubtractProduct),
        F64x2RelaxedMadd => Three<double>(RelaxedVectors.MultiplyAdd),
        F64x2RelaxedNmadd => Three<double>(RelaxedVectors.SubtractProduct),
        I16x8RelaxedDotI8x16I7x16S => Widen<sbyte, short>(RelaxedVectors.Dot),
        I32x4RelaxedDotI8x16I7x16AddS => Accumulate<sbyte, int>(RelaxedVectors.DotAdd),
        _ => null,
    };

    static VectorOperation? Relaxed(VectorOpcode opcode) => opcode switch
    {
        I8x16RelaxedSwizzle => Two<byte>(RelaxedVectors.Swizzle),
        I32x4RelaxedTruncF32x4S when Sse2.IsSupported => One<float, int>(Sse2.ConvertToVector128Int32WithTruncation),
        I32x4RelaxedTruncF64x2SZero when Sse2.IsSupported => One<double, int>(Sse2.ConvertToVector128Int32WithTruncation),
        F32x4RelaxedMadd => Three<float>(Vector128.MultiplyAddEstimate),
        F32x4RelaxedNmadd => Three<float>(RelaxedVectors.SubtractProductFused),
        F64x2RelaxedMadd => Three<double>(Vector128.MultiplyAddEstimate),
        F64x2RelaxedNmadd => Three<double>(RelaxedVectors.SubtractProductFused),
        F32x4RelaxedMin when Sse2.IsSupported => Two<float>(Sse.Min),
        F32x4RelaxedMax when Sse2.IsSupported => Two<float>(Sse.Max),
        F64x2RelaxedMin when Sse2.IsSupported => Two<double>(Sse2.Min),
        F64x2RelaxedMax when Sse2.IsSupported => Two<double>(Sse2.Max),
        I16x8RelaxedQ15mulrS when Ssse3.IsSupported => Two<short>(Ssse3.MultiplyHighRoundScale),
        I16x8RelaxedDotI8x16I7x16S => Widen<sbyte, short>(RelaxedVectors.DotFast),
        I32x4RelaxedDotI8x16I7x16AddS => Accumulate<sbyte, int>(RelaxedVectors.DotAddFast),
        _ => RelaxedVectors.Strict(opcode) is var strict && strict != opcode ? Of(strict) : null,
    };

    static VectorOperation Three<T>(Func<Vector128<T>, Vector128<T>, Vector128<T>, Vector128<T>> method) => new(method.Method);

    static VectorOperation Accumulate<T, TSum>(Func<Vector128<T>, Vector128<T>, Vector128<TSum>, Vector128<TSum>> method) => new(method.Method);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <summary>
/// Which method is which vector instruction on this machine. Methods of <see cref="Vector128"/> and of the processor's instruction sets become
/// single instructions without costing the just-in-time compiler anything; our own are inlined, which it does only so often in one function.
/// </summary>
static partial class VectorOperations
{
    /// <summary>The same vector, of which RyuJIT does not know where it comes from.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Vector128<byte> Pass(Vector128<byte> vector) => vector;

    static readonly VectorOperation?[] Known = new VectorOperation?[VectorSignatures.Last - VectorSignatures.First + 1];

    /// <summary>
    /// Bytes of stack that each vector instruction takes in a function too large for the just-in-time compiler to give the same place to several
    /// (measured: 16 for nearly all; 64 where .NET's plain code takes the place of instructions the processor does not have).
    /// </summary>
    internal static int FrameBytes => Sse41.IsSupported || AdvSimd.IsSupported ? 16 : 96;

    /// <exception cref="NotSupportedException">The instruction is not a method: it names lanes or touches the memory.</exception>
    internal static VectorOperation Of(VectorOpcode opcode) => Known[(Opcode)opcode - VectorSignatures.First] ??= Find(opcode);

    static VectorOperation Find(VectorOpcode opcode) =>
        Common(opcode) ?? Lanes8(opcode) ?? Lanes16(opcode) ?? Lanes32(opcode) ?? Lanes64(opcode) ?? Floats32(opcode) ?? Floats64(opcode) ?? Relaxed(opcode)
        ?? throw new NotSupportedException($"no method for {opcode}");

    static VectorOperation? Common(VectorOpcode opcode) => opcode switch
    {
        V128Not => One<byte, byte>(Vector128.OnesComplement),
        V128And => Two<byte>(Vector128.BitwiseAnd),
        V128Andnot => Two<byte>(Vector128.AndNot),
        V128Or => Two<byte>(Vector128.BitwiseOr),
        V128Xor => Two<byte>(Vector128.Xor),
        V128AnyTrue => Test<byte>(VectorIntegers.AnyTrue),
        I8x16Swizzle => Two<byte>(Vector128.Shuffle),
        _ => null,
    };

    static VectorOperation? Lanes8(VectorOpcode opcode) => opcode switch
    {
        I8x16Splat => Splat<byte>(Vector128.Create),
        I8x16Eq => Two<byte>(Vector128.Equals),
        I8x16Ne => Not<byte>(Vector128.Equals),
        I8x16LtS => Two<sbyte>(Vector128.LessThan),
        I8x16LtU => Two<byte>(Vector128.LessThan),
        I8x16GtS => Two<sbyte>(Vector128.GreaterThan),
        I8x16GtU => Two<byte>(Vector128.GreaterThan),
        I8x16LeS => Two<sbyte>(Vector128.LessThanOrEqual),
        I8x16LeU => Two<byte>(Vector128.LessThanOrEqual),
        I8x16GeS => Two<sbyte>(Vector128.GreaterThanOrEqual),
        I8x16GeU => Two<byte>(Vector128.GreaterThanOrEqual),
        I8x16Abs => Vector128.IsHardwareAccelerated ? One<sbyte, sbyte>(Vector128.Abs) : One<sbyte, sbyte>(VectorIntegers.Abs),
        I8x16Neg => One<sbyte, sbyte>(Vector128.Negate),
        I8x16Popcnt => One<byte, byte>(VectorIntegers.PopCount),
        I8x16AllTrue => Test<byte>(VectorIntegers.AllTrue),
        I8x16Bitmask => Mask<byte>(Vector128.ExtractMostSignificantBits),
        I8x16NarrowI16x8S => Narrow<short, sbyte>(Vector128.NarrowWithSaturation),
        I8x16NarrowI16x8U => Sse2.IsSupported ? Narrow<short, byte>(Sse2.PackUnsignedSaturate) : Narrow<short, byte>(VectorIntegers.NarrowToUnsigned),
        I8x16Shl => Shift<byte>(Vector128.ShiftLeft),
        I8x16ShrS => Shift<sbyte>(Vector128.ShiftRightArithmetic),
        I8x16ShrU => Shift<byte>(Vector128.ShiftRightLogical),
        I8x16Add => Two<byte>(Vector128.Add),
        I8x16AddSatS => Two<sbyte>(Vector128.AddSaturate),
        I8x16AddSatU => Two<byte>(Vector128.AddSaturate),
        I8x16Sub => Two<byte>(Vector128.Subtract),
        I8x16SubSatS => Two<sbyte>(Vector128.SubtractSaturate),
        I8x16SubSatU => Two<byte>(Vector128.SubtractSaturate),
        I8x16MinS => Two<sbyte>(Vector128.Min),
        I8x16MinU => Two<byte>(Vector128.Min),
        I8x16MaxS => Two<sbyte>(Vector128.Max),
        I8x16MaxU => Two<byte>(Vector128.Max),
        I8x16AvgrU => Sse2.IsSupported ? Two<byte>(Sse2.Average) : Two<byte>(VectorIntegers.Average),
        _ => null,
    };

    static VectorOperation? Lanes16(VectorOpcode opcode) => opcode switch
    {
        I16x8Splat => Splat<ushort>(Vector128.Create),
        I16x8Eq => Two<short>(Vector128.Equals),
        I16x8Ne => Not<short>(Vector128.Equals),
        I16x8LtS => Two<short>(Vector128.LessThan),
        I16x8LtU => Two<ushort>(Vector128.LessThan),
        I16x8GtS => Two<short>(Vector128.GreaterThan),
        I16x8GtU => Two<ushort>(Vector128.GreaterThan),
        I16x8LeS => Two<short>(Vector128.LessThanOrEqual),
        I16x8LeU => Two<ushort>(Vector128.LessThanOrEqual),
        I16x8GeS => Two<short>(Vector128.GreaterThanOrEqual),
        I16x8GeU => Two<ushort>(Vector128.GreaterThanOrEqual),
        I16x8ExtaddPairwiseI8x16S => One<sbyte, short>(VectorIntegers.AddPairs),
        I16x8ExtaddPairwiseI8x16U => One<byte, ushort>(VectorIntegers.AddPairs),
        I16x8Abs => Vector128.IsHardwareAccelerated ? One<short, short>(Vector128.Abs) : One<short, short>(VectorIntegers.Abs),
        I16x8Neg => One<short, short>(Vector128.Negate),
        I16x8Q15mulrSatS => Two<short>(VectorIntegers.MultiplyQ15),
        I16x8AllTrue => Test<short>(VectorIntegers.AllTrue),
        I16x8Bitmask => Mask<short>(Vector128.ExtractMostSignificantBits),
        I16x8NarrowI32x4S => Narrow<int, short>(Vector128.NarrowWithSaturation),
        I16x8NarrowI32x4U => Sse41.IsSupported ? Narrow<int, ushort>(Sse41.PackUnsignedSaturate) : Narrow<int, ushort>(VectorIntegers.NarrowToUnsigned),
        I16x8ExtendLowI8x16S => One<sbyte, short>(Vector128.WidenLower),
        I16x8ExtendHighI8x16S => One<sbyte, short>(Vector128.WidenUpper),
        I16x8ExtendLowI8x16U => One<byte, ushort>(Vector128.WidenLower),
        I16x8ExtendHighI8x16U => One<byte, ushort>(Vector128.WidenUpper),
        I16x8Shl => Shift<short>(Vector128.ShiftLeft),
        I16x8ShrS => Shift<short>(Vector128.ShiftRightArithmetic),
        I16x8ShrU => Shift<short>(Vector128.ShiftRightLogical),
        I16x8Add => Two<short>(Vector128.Add),
        I16x8AddSatS => Two<short>(Vector128.AddSaturate),
        I16x8AddSatU => Two<ushort>(Vector128.AddSaturate),
        I16x8Sub => Two<short>(Vector128.Subtract),
        I16x8SubSatS => Two<short>(Vector128.SubtractSaturate),
        I16x8SubSatU => Two<ushort>(Vector128.SubtractSaturate),
        I16x8Mul => Two<short>(Vector128.Multiply),
        I16x8MinS => Two<short>(Vector128.Min),
        I16x8MinU => Two<ushort>(Vector128.Min),
        I16x8MaxS => Two<short>(Vector128.Max),
        I16x8MaxU => Two<ushort>(Vector128.Max),
        I16x8AvgrU => Sse2.IsSupported ? Two<ushort>(Sse2.Average) : Two<ushort>(VectorIntegers.Average),
        I16x8ExtmulLowI8x16S => Widen<sbyte, short>(VectorProducts.Low),
        I16x8ExtmulHighI8x16S => Widen<sbyte, short>(VectorProducts.High),
        I16x8ExtmulLowI8x16U => Widen<byte, ushort>(VectorProducts.Low),
        I16x8ExtmulHighI8x16U => Widen<byte, ushort>(VectorProducts.High),
        _ => null,
    };

    static VectorOperation One<T, TResult>(Func<Vector128<T>, Vector128<TResult>> method) => new(method.Method);

    static VectorOperation Two<T>(Func<Vector128<T>, Vector128<T>, Vector128<T>> method) => new(method.Method);

    static VectorOperation Not<T>(Func<Vector128<T>, Vector128<T>, Vector128<T>> method) =>
        new(method.Method, ((Func<Vector128<T>, Vector128<T>>)Vector128.OnesComplement).Method);

    static VectorOperation Shift<T>(Func<Vector128<T>, int, Vector128<T>> method) => new(method.Method);

    static VectorOperation Splat<T>(Func<T, Vector128<T>> method) => new(method.Method);

    static VectorOperation Test<T>(Func<Vector128<T>, bool> method) => new(method.Method);

    static VectorOperation Mask<T>(Func<Vector128<T>, uint> method) => new(method.Method);

    static VectorOperation Narrow<T, TResult>(Func<Vector128<T>, Vector128<T>, Vector128<TResult>> method) => new(method.Method);

    static VectorOperation Widen<T, TResult>(Func<Vector128<T>, Vector128<T>, Vector128<TResult>> method) => new(method.Method);
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <content>Lanes of 32 and 64 bits.</content>
static partial class VectorOperations
{
    /// <summary>Whether the processor rounds vectors to integers; .NET's own way does not make all NaNs quiet.</summary>
    static bool CanRound => Sse41.IsSupported || AdvSimd.Arm64.IsSupported;

    static VectorOperation? Lanes32(VectorOpcode opcode) => opcode switch
    {
        I32x4Splat => Splat<int>(Vector128.Create),
        I32x4Eq => Two<int>(Vector128.Equals),
        I32x4Ne => Not<int>(Vector128.Equals),
        I32x4LtS => Two<int>(Vector128.LessThan),
        I32x4LtU => Two<uint>(Vector128.LessThan),
        I32x4GtS => Two<int>(Vector128.GreaterThan),
        I32x4GtU => Two<uint>(Vector128.GreaterThan),
        I32x4LeS => Two<int>(Vector128.LessThanOrEqual),
        I32x4LeU => Two<uint>(Vector128.LessThanOrEqual),
        I32x4GeS => Two<int>(Vector128.GreaterThanOrEqual),
        I32x4GeU => Two<uint>(Vector128.GreaterThanOrEqual),
        I32x4ExtaddPairwiseI16x8S => One<short, int>(VectorIntegers.AddPairs),
        I32x4ExtaddPairwiseI16x8U => One<ushort, uint>(VectorIntegers.AddPairs),
        I32x4Abs => Vector128.IsHardwareAccelerated ? One<int, int>(Vector128.Abs) : One<int, int>(VectorIntegers.Abs),
        I32x4Neg => One<int, int>(Vector128.Negate),
        I32x4AllTrue => Test<int>(VectorIntegers.AllTrue),
        I32x4Bitmask => Mask<int>(Vector128.ExtractMostSignificantBits),
        I32x4ExtendLowI16x8S => One<short, int>(Vector128.WidenLower),
        I32x4ExtendHighI16x8S => One<short, int>(Vector128.WidenUpper),
        I32x4ExtendLowI16x8U => One<ushort, uint>(Vector128.WidenLower),
        I32x4ExtendHighI16x8U => One<ushort, uint>(Vector128.WidenUpper),
        I32x4Shl => Shift<int>(Vector128.ShiftLeft),
        I32x4ShrS => Shift<int>(Vector128.ShiftRightArithmetic),
        I32x4ShrU => Shift<int>(Vector128.ShiftRightLogical),
        I32x4Add => Two<int>(Vector128.Add),
        I32x4Sub => Two<int>(Vector128.Subtract),
        I32x4Mul => Two<int>(Vector128.Multiply),
        I32x4MinS => Two<int>(Vector128.Min),
        I32x4MinU => Two<uint>(Vector128.Min),
        I32x4MaxS => Two<int>(Vector128.Max),
        I32x4MaxU => Two<uint>(Vector128.Max),
        I32x4DotI16x8S => Sse2.IsSupported ? Widen<short, int>(Sse2.MultiplyAddAdjacent) : Widen<short, int>(VectorIntegers.Dot),
        I32x4ExtmulLowI16x8S => Widen<short, int>(VectorProducts.Low),
        I32x4ExtmulHighI16x8S => Widen<short, int>(VectorProducts.High),
        I32x4ExtmulLowI16x8U => Widen<ushort, uint>(VectorProducts.Low),
        I32x4ExtmulHighI16x8U => Widen<ushort, uint>(VectorProducts.High),
        I32x4TruncSatF32x4S => One<float, int>(Vector128.ConvertToInt32),
        I32x4TruncSatF32x4U => One<float, uint>(Vector128.ConvertToUInt32),
        I32x4TruncSatF64x2SZero => One<double, int>(VectorConversions.ToInt32),
        I32x4TruncSatF64x2UZero => One<double, uint>(VectorConversions.ToUInt32),
        _ => null,
    };

    static VectorOperation? Lanes64(VectorOpcode opcode) => opcode switch
    {
        I64x2Splat => Splat<long>(Vector128.Create),
        I64x2Abs => Vector128.IsHardwareAccelerated ? One<long, long>(Vector128.Abs) : One<long, long>(VectorIntegers.Abs),
        I64x2Neg => One<long, long>(Vector128.Negate),
        I64x2AllTrue => Test<long>(VectorIntegers.AllTrue),
        I64x2Bitmask => Mask<long>(Vector128.ExtractMostSignificantBits),
        I64x2ExtendLowI32x4S => One<int, long>(Vector128.WidenLower),
        I64x2ExtendHighI32x4S => One<int, long>(Vector128.WidenUpper),
        I64x2ExtendLowI32x4U => One<uint, ulong>(Vector128.WidenLower),
        I64x2ExtendHighI32x4U => One<uint, ulong>(Vector128.WidenUpper),
        I64x2Shl => Shift<long>(Vector128.ShiftLeft),
        I64x2ShrS => Shift<long>(Vector128.ShiftRightArithmetic),
        I64x2ShrU => Shift<long>(Vector128.ShiftRightLogical),
        I64x2Add => Two<long>(Vector128.Add),
        I64x2Sub => Two<long>(Vector128.Subtract),
        I64x2Mul => Two<long>(Vector128.Multiply),
        I64x2Eq => Two<long>(Vector128.Equals),
        I64x2Ne => Not<long>(Vector128.Equals),
        I64x2LtS => Two<long>(Vector128.LessThan),
        I64x2GtS => Two<long>(Vector128.GreaterThan),
        I64x2LeS => Two<long>(Vector128.LessThanOrEqual),
        I64x2GeS => Two<long>(Vector128.GreaterThanOrEqual),
        I64x2ExtmulLowI32x4S => Widen<int, long>(VectorProducts.Low),
        I64x2ExtmulHighI32x4S => Widen<int, long>(VectorProducts.High),
        I64x2ExtmulLowI32x4U => Widen<uint, ulong>(VectorProducts.Low),
        I64x2ExtmulHighI32x4U => Widen<uint, ulong>(VectorProducts.High),
        _ => null,
    };

    static VectorOperation? Floats32(VectorOpcode opcode) => opcode switch
    {
        F32x4Splat => Splat<float>(Vector128.Create),
        F32x4Eq => Two<float>(Vector128.Equals),
        F32x4Ne => Not<float>(Vector128.Equals),
        F32x4Lt => Two<float>(Vector128.LessThan),
        F32x4Gt => Two<float>(Vector128.GreaterThan),
        F32x4Le => Two<float>(Vector128.LessThanOrEqual),
        F32x4Ge => Two<float>(Vector128.GreaterThanOrEqual),
        F32x4DemoteF64x2Zero => One<double, float>(VectorConversions.Demote),
        F32x4Ceil => CanRound ? One<float, float>(Vector128.Ceiling) : One<float, float>(VectorFloats.Ceil),
        F32x4Floor => CanRound ? One<float, float>(Vector128.Floor) : One<float, float>(VectorFloats.Floor),
        F32x4Trunc => CanRound ? One<float, float>(Vector128.Truncate) : One<float, float>(VectorFloats.Truncate),
        F32x4Nearest => CanRound ? One<float, float>(Vector128.Round) : One<float, float>(VectorFloats.Nearest),
        F32x4Abs => One<float, float>(Vector128.Abs),
        F32x4Neg => One<float, float>(Vector128.Negate),
        F32x4Sqrt => One<float, float>(Vector128.Sqrt),
        F32x4Add => Two<float>(Vector128.Add),
        F32x4Sub => Two<float>(Vector128.Subtract),
        F32x4Mul => Two<float>(Vector128.Multiply),
        F32x4Div => Two<float>(Vector128.Divide),
        F32x4Min => Two<float>(VectorFloats.Min),
        F32x4Max => Two<float>(VectorFloats.Max),
        F32x4Pmin => Two<float>(VectorFloats.PseudoMin),
        F32x4Pmax => Two<float>(VectorFloats.PseudoMax),
        F32x4ConvertI32x4S => One<int, float>(Vector128.ConvertToSingle),
        F32x4ConvertI32x4U => One<uint, float>(Vector128.ConvertToSingle),
        _ => null,
    };

    static VectorOperation? Floats64(VectorOpcode opcode) => opcode switch
    {
        F64x2Splat => Splat<double>(Vector128.Create),
        F64x2Eq => Two<double>(Vector128.Equals),
        F64x2Ne => Not<double>(Vector128.Equals),
        F64x2Lt => Two<double>(Vector128.LessThan),
        F64x2Gt => Two<double>(Vector128.GreaterThan),
        F64x2Le => Two<double>(Vector128.LessThanOrEqual),
        F64x2Ge => Two<double>(Vector128.GreaterThanOrEqual),
        F64x2PromoteLowF32x4 => One<float, double>(Vector128.WidenLower),
        F64x2Ceil => CanRound ? One<double, double>(Vector128.Ceiling) : One<double, double>(VectorFloats.Ceil),
        F64x2Floor => CanRound ? One<double, double>(Vector128.Floor) : One<double, double>(VectorFloats.Floor),
        F64x2Trunc => CanRound ? One<double, double>(Vector128.Truncate) : One<double, double>(VectorFloats.Truncate),
        F64x2Nearest => CanRound ? One<double, double>(Vector128.Round) : One<double, double>(VectorFloats.Nearest),
        F64x2Abs => One<double, double>(Vector128.Abs),
        F64x2Neg => One<double, double>(Vector128.Negate),
        F64x2Sqrt => One<double, double>(Vector128.Sqrt),
        F64x2Add => Two<double>(Vector128.Add),
        F64x2Sub => Two<double>(Vector128.Subtract),
        F64x2Mul => Two<double>(Vector128.Multiply),
        F64x2Div => Two<double>(Vector128.Divide),
        F64x2Min => Two<double>(VectorFloats.Min),
        F64x2Max => Two<double>(VectorFloats.Max),
        F64x2Pmin => Two<double>(VectorFloats.PseudoMin),
        F64x2Pmax => Two<double>(VectorFloats.PseudoMax),
        F64x2ConvertLowI32x4S => One<int, double>(VectorConversions.ToDouble),
        F64x2ConvertLowI32x4U => One<uint, double>(VectorConversions.ToDouble),
        _ => null,
    };
}

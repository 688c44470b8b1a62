namespace Allotrope.Wasm;

/// <summary>Instructions on numbers that the loop does not do.</summary>
static unsafe class InterpretedNumbers
{
    internal static void Do(Opcode opcode, long* operands, long* result)
    {
        switch (opcode)
        {
            case >= Opcode.F32Ceil and <= Opcode.F32Copysign: *(float*)result = Single(opcode, ((float*)operands)[0], ((float*)operands)[2]); break;
            case >= Opcode.F64Ceil and <= Opcode.F64Copysign: *(double*)result = Double(opcode, ((double*)operands)[0], ((double*)operands)[1]); break;
            case Opcode.F32ConvertI64U: *(float*)result = FloatMath.FromUInt64(*operands); break;
            case Opcode.F64ConvertI64U: *(double*)result = FloatMath.DoubleFromUInt64(*operands); break;
            case Opcode.I32TruncF32S: *(int*)result = Truncation.ToInt32(*(float*)operands); break;
            case Opcode.I32TruncF32U: *(int*)result = Truncation.ToUInt32(*(float*)operands); break;
            case Opcode.I32TruncF64S: *(int*)result = Truncation.ToInt32(*(double*)operands); break;
            case Opcode.I32TruncF64U: *(int*)result = Truncation.ToUInt32(*(double*)operands); break;
            case Opcode.I64TruncF32S: *result = Truncation.ToInt64(*(float*)operands); break;
            case Opcode.I64TruncF32U: *result = Truncation.ToUInt64(*(float*)operands); break;
            case Opcode.I64TruncF64S: *result = Truncation.ToInt64(*(double*)operands); break;
            case Opcode.I64TruncF64U: *result = Truncation.ToUInt64(*(double*)operands); break;
            case Opcode.I32TruncSatF32S: *(int*)result = Truncation.SaturateToInt32(*(float*)operands); break;
            case Opcode.I32TruncSatF32U: *(int*)result = Truncation.SaturateToUInt32(*(float*)operands); break;
            case Opcode.I32TruncSatF64S: *(int*)result = Truncation.SaturateToInt32(*(double*)operands); break;
            case Opcode.I32TruncSatF64U: *(int*)result = Truncation.SaturateToUInt32(*(double*)operands); break;
            case Opcode.I64TruncSatF32S: *result = Truncation.SaturateToInt64(*(float*)operands); break;
            case Opcode.I64TruncSatF32U: *result = Truncation.SaturateToUInt64(*(float*)operands); break;
            case Opcode.I64TruncSatF64S: *result = Truncation.SaturateToInt64(*(double*)operands); break;
            case Opcode.I64TruncSatF64U: *result = Truncation.SaturateToUInt64(*(double*)operands); break;
            default: throw new NotSupportedException($"no step for opcode {opcode}");
        }
    }

    static float Single(Opcode opcode, float left, float right) => opcode switch
    {
        Opcode.F32Ceil => FloatMath.Ceil(left),
        Opcode.F32Floor => FloatMath.Floor(left),
        Opcode.F32Trunc => FloatMath.Truncate(left),
        Opcode.F32Nearest => FloatMath.Nearest(left),
        Opcode.F32Min => FloatMath.Min(left, right),
        Opcode.F32Max => FloatMath.Max(left, right),
        _ => FloatMath.CopySign(left, right),
    };

    static double Double(Opcode opcode, double left, double right) => opcode switch
    {
        Opcode.F64Ceil => FloatMath.Ceil(left),
        Opcode.F64Floor => FloatMath.Floor(left),
        Opcode.F64Trunc => FloatMath.Truncate(left),
        Opcode.F64Nearest => FloatMath.Nearest(left),
        Opcode.F64Min => FloatMath.Min(left, right),
        Opcode.F64Max => FloatMath.Max(left, right),
        _ => FloatMath.CopySign(left, right),
    };
}

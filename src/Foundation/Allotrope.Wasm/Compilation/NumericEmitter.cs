using System.Numerics;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>IL of the instructions that compute from operands on the IL stack and cannot trap.</summary>
static class NumericEmitter
{
    /// <summary>Whether the two operands may be swapped.</summary>
    internal static bool IsCommutative(Opcode opcode) => opcode is
        Opcode.I32Add or Opcode.I32Mul or Opcode.I32And or Opcode.I32Or or Opcode.I32Xor or Opcode.I32Eq or Opcode.I32Ne
        or Opcode.I64Add or Opcode.I64Mul or Opcode.I64And or Opcode.I64Or or Opcode.I64Xor or Opcode.I64Eq or Opcode.I64Ne;

    /// <summary>Whether the operand is the constant 0, 1 or the negative of one.</summary>
    internal static bool IsZeroOrOne(in Operand operand) => operand.Place == Place.Constant && operand.Kind switch
    {
        ValueKind.F32 => MathF.Abs(BitConverter.Int32BitsToSingle((int)operand.Bits)) is 0 or 1,
        _ => Math.Abs(BitConverter.Int64BitsToDouble(operand.Bits)) is 0 or 1,
    };

    internal static void EmitQuiet(ILGenerator il, ValueKind kind) =>
        il.Emit(OpCodes.Call, Members.Method(typeof(FloatMath), nameof(FloatMath.Quiet), kind.ClrType));

    internal static void Emit(ILGenerator il, Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32Eqz: Not(il); break;
            case Opcode.I64Eqz:
                il.LoadInt64(0);
                il.Emit(OpCodes.Ceq);
                break;
            case >= Opcode.I32Eq and <= Opcode.I32GeU: EmitIntegerCompare(il, opcode - Opcode.I32Eq); break;
            case >= Opcode.I64Eq and <= Opcode.I64GeU: EmitIntegerCompare(il, opcode - Opcode.I64Eq); break;
            case >= Opcode.F32Eq and <= Opcode.F32Ge: EmitFloatCompare(il, opcode - Opcode.F32Eq); break;
            case >= Opcode.F64Eq and <= Opcode.F64Ge: EmitFloatCompare(il, opcode - Opcode.F64Eq); break;
            case >= Opcode.I32Clz and <= Opcode.I32Rotr: EmitInteger(il, opcode - Opcode.I32Clz, typeof(uint)); break;
            case >= Opcode.I64Clz and <= Opcode.I64Rotr: EmitInteger(il, opcode - Opcode.I64Clz, typeof(ulong)); break;
            case >= Opcode.F32Abs and <= Opcode.F32Copysign: EmitFloat(il, opcode - Opcode.F32Abs, typeof(float)); break;
            case >= Opcode.F64Abs and <= Opcode.F64Copysign: EmitFloat(il, opcode - Opcode.F64Abs, typeof(double)); break;
            default: EmitConversion(il, opcode); break;
        }
    }

    static void Not(ILGenerator il)
    {
        il.LoadInt32(0);
        il.Emit(OpCodes.Ceq);
    }

    /// <summary>eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u</summary>
    static void EmitIntegerCompare(ILGenerator il, int which)
    {
        il.Emit(which switch
        {
            0 or 1 => OpCodes.Ceq,
            2 or 8 => OpCodes.Clt,
            3 or 9 => OpCodes.Clt_Un,
            4 or 6 => OpCodes.Cgt,
            _ => OpCodes.Cgt_Un,
        });
        if (which is 1 or >= 6)
            Not(il);
    }

    /// <summary>eq, ne, lt, gt, le, ge; a comparison with NaN is false, so "less or equal" is "not: greater or unordered".</summary>
    static void EmitFloatCompare(ILGenerator il, int which)
    {
        il.Emit(which switch
        {
            0 or 1 => OpCodes.Ceq,
            2 => OpCodes.Clt,
            3 => OpCodes.Cgt,
            4 => OpCodes.Cgt_Un,
            _ => OpCodes.Clt_Un,
        });
        if (which is 1 or >= 4)
            Not(il);
    }

    /// <summary>clz, ctz, popcnt, add, sub, mul, (four divisions), and, or, xor, shl, shr_s, shr_u, rotl, rotr</summary>
    static void EmitInteger(ILGenerator il, int which, Type type)
    {
        switch (which)
        {
            case 0: Count(nameof(BitOperations.LeadingZeroCount)); break;
            case 1: Count(nameof(BitOperations.TrailingZeroCount)); break;
            case 2: Count(nameof(BitOperations.PopCount)); break;
            case 3: il.Emit(OpCodes.Add); break;
            case 4: il.Emit(OpCodes.Sub); break;
            case 5: il.Emit(OpCodes.Mul); break;
            case 10: il.Emit(OpCodes.And); break;
            case 11: il.Emit(OpCodes.Or); break;
            case 12: il.Emit(OpCodes.Xor); break;
            case 13: Shift(OpCodes.Shl); break;
            case 14: Shift(OpCodes.Shr); break;
            case 15: Shift(OpCodes.Shr_Un); break;
            case 16: Rotate(nameof(BitOperations.RotateLeft)); break;
            default: Rotate(nameof(BitOperations.RotateRight)); break;
        }

        void Count(string name)
        {
            il.Emit(OpCodes.Call, Members.Bit(name, type));
            if (type == typeof(ulong))
                il.Emit(OpCodes.Conv_I8);
        }

        void Shift(OpCode shift)
        {
            Narrow();
            il.LoadInt32(type == typeof(ulong) ? 63 : 31);
            il.Emit(OpCodes.And);
            il.Emit(shift);
        }

        void Rotate(string name)
        {
            Narrow();
            il.Emit(OpCodes.Call, Members.Bit(name, type, withCount: true));
        }

        // Shift counts are 32-bit in IL.
        void Narrow()
        {
            if (type == typeof(ulong))
                il.Emit(OpCodes.Conv_I4);
        }
    }

    /// <summary>abs, neg, ceil, floor, trunc, nearest, sqrt, add, sub, mul, div, min, max, copysign</summary>
    static void EmitFloat(ILGenerator il, int which, Type type)
    {
        switch (which)
        {
            case 0: Call(nameof(FloatMath.Abs)); break;
            case 1: Call(nameof(FloatMath.Negate)); break;
            case 2: Call(nameof(FloatMath.Ceil)); break;
            case 3: Call(nameof(FloatMath.Floor)); break;
            case 4: Call(nameof(FloatMath.Truncate)); break;
            case 5: Call(nameof(FloatMath.Nearest)); break;
            case 6: il.Emit(OpCodes.Call, Members.Method(type == typeof(float) ? typeof(MathF) : typeof(Math), nameof(Math.Sqrt), type)); break;
            case 7: il.Emit(OpCodes.Add); break;
            case 8: il.Emit(OpCodes.Sub); break;
            case 9: il.Emit(OpCodes.Mul); break;
            case 10: il.Emit(OpCodes.Div); break;
            case 11: CallTwo(nameof(FloatMath.Min)); break;
            case 12: CallTwo(nameof(FloatMath.Max)); break;
            default: CallTwo(nameof(FloatMath.CopySign)); break;
        }

        void Call(string name) => il.Emit(OpCodes.Call, Members.Method(typeof(FloatMath), name, type));

        void CallTwo(string name) => il.Emit(OpCodes.Call, Members.Method(typeof(FloatMath), name, type, type));
    }

    static void EmitConversion(ILGenerator il, Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32WrapI64: il.Emit(OpCodes.Conv_I4); break;
            case Opcode.I32TruncF32S or Opcode.I32TruncF64S: Truncate(nameof(Truncation.ToInt32)); break;
            case Opcode.I32TruncF32U or Opcode.I32TruncF64U: Truncate(nameof(Truncation.ToUInt32)); break;
            case Opcode.I64TruncF32S or Opcode.I64TruncF64S: Truncate(nameof(Truncation.ToInt64)); break;
            case Opcode.I64TruncF32U or Opcode.I64TruncF64U: Truncate(nameof(Truncation.ToUInt64)); break;
            case Opcode.I32TruncSatF32S or Opcode.I32TruncSatF64S: Truncate(nameof(Truncation.SaturateToInt32)); break;
            case Opcode.I32TruncSatF32U or Opcode.I32TruncSatF64U: Truncate(nameof(Truncation.SaturateToUInt32)); break;
            case Opcode.I64TruncSatF32S or Opcode.I64TruncSatF64S: Truncate(nameof(Truncation.SaturateToInt64)); break;
            case Opcode.I64TruncSatF32U or Opcode.I64TruncSatF64U: Truncate(nameof(Truncation.SaturateToUInt64)); break;
            case Opcode.I64ExtendI32S: il.Emit(OpCodes.Conv_I8); break;
            case Opcode.I64ExtendI32U: il.Emit(OpCodes.Conv_U8); break;
            case Opcode.F32ConvertI32S or Opcode.F32ConvertI64S or Opcode.F32DemoteF64: il.Emit(OpCodes.Conv_R4); break;
            case Opcode.F32ConvertI32U:
                il.Emit(OpCodes.Conv_U8);
                il.Emit(OpCodes.Conv_R4);
                break;
            case Opcode.F32ConvertI64U: il.Emit(OpCodes.Call, Members.Method(typeof(FloatMath), nameof(FloatMath.FromUInt64))); break;
            case Opcode.F64ConvertI32S or Opcode.F64ConvertI64S or Opcode.F64PromoteF32: il.Emit(OpCodes.Conv_R8); break;
            case Opcode.F64ConvertI32U:
                il.Emit(OpCodes.Conv_U8);
                il.Emit(OpCodes.Conv_R8);
                break;
            case Opcode.F64ConvertI64U: il.Emit(OpCodes.Call, Members.Method(typeof(FloatMath), nameof(FloatMath.DoubleFromUInt64))); break;
            case Opcode.I32ReinterpretF32: il.Emit(OpCodes.Call, Members.SingleToInt32Bits); break;
            case Opcode.I64ReinterpretF64: il.Emit(OpCodes.Call, Members.DoubleToInt64Bits); break;
            case Opcode.F32ReinterpretI32: il.Emit(OpCodes.Call, Members.Int32BitsToSingle); break;
            case Opcode.F64ReinterpretI64: il.Emit(OpCodes.Call, Members.Int64BitsToDouble); break;
            case Opcode.I32Extend8S: il.Emit(OpCodes.Conv_I1); break;
            case Opcode.I32Extend16S: il.Emit(OpCodes.Conv_I2); break;
            case Opcode.I64Extend8S: Extend(OpCodes.Conv_I1); break;
            case Opcode.I64Extend16S: Extend(OpCodes.Conv_I2); break;
            case Opcode.I64Extend32S: Extend(OpCodes.Conv_I4); break;
            default: throw new NotSupportedException($"no IL for opcode {opcode}");
        }

        // Every binary32 is a binary64 too, so one range check serves both.
        void Truncate(string name)
        {
            il.Emit(OpCodes.Conv_R8);
            il.Emit(OpCodes.Call, Members.Method(typeof(Truncation), name));
        }

        void Extend(OpCode narrow)
        {
            il.Emit(narrow);
            il.Emit(OpCodes.Conv_I8);
        }
    }
}

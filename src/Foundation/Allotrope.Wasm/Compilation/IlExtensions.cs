using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>IL in its shortest form, and constants bit by bit.</summary>
static class IlExtensions
{
    extension(ILGenerator il)
    {
        internal void LoadArgument(int index)
        {
            switch (index)
            {
                case 0: il.Emit(OpCodes.Ldarg_0); break;
                case 1: il.Emit(OpCodes.Ldarg_1); break;
                case 2: il.Emit(OpCodes.Ldarg_2); break;
                case 3: il.Emit(OpCodes.Ldarg_3); break;
                case <= byte.MaxValue: il.Emit(OpCodes.Ldarg_S, (byte)index); break;
                default: il.Emit(OpCodes.Ldarg, (short)index); break;
            }
        }

        internal void StoreArgument(int index)
        {
            if (index <= byte.MaxValue)
                il.Emit(OpCodes.Starg_S, (byte)index);
            else
                il.Emit(OpCodes.Starg, (short)index);
        }

        internal void LoadInt32(int value)
        {
            switch (value)
            {
                case -1: il.Emit(OpCodes.Ldc_I4_M1); break;
                case 0: il.Emit(OpCodes.Ldc_I4_0); break;
                case 1: il.Emit(OpCodes.Ldc_I4_1); break;
                case >= sbyte.MinValue and <= sbyte.MaxValue: il.Emit(OpCodes.Ldc_I4_S, (sbyte)value); break;
                default: il.Emit(OpCodes.Ldc_I4, value); break;
            }
        }

        internal void LoadInt64(long value)
        {
            if (value is < int.MinValue or > int.MaxValue)
            {
                il.Emit(OpCodes.Ldc_I8, value);
                return;
            }

            il.LoadInt32((int)value);
            il.Emit(OpCodes.Conv_I8);
        }

        /// <summary>An address or size.</summary>
        internal void LoadNative(long value)
        {
            if (value is >= 0 and <= int.MaxValue)
                il.LoadInt32((int)value);
            else
                il.Emit(OpCodes.Ldc_I8, value);
            il.Emit(OpCodes.Conv_U);
        }

        /// <summary>Makes no machine code: the vector on the IL stack is seen as lanes of another type.</summary>
        internal void ConvertLanes(Type from, Type to)
        {
            if (from != to)
                il.Emit(OpCodes.Call, VectorOperation.Conversion(from, to));
        }

        internal void LoadVector(long low, long high, Type lane)
        {
            if (low == high && low is 0 or -1)
            {
                var constant = low == 0 ? nameof(Vector128<byte>.Zero) : nameof(Vector128<byte>.AllBitsSet);
                il.Emit(OpCodes.Call, typeof(Vector128<>).MakeGenericType(lane).GetProperty(constant)!.GetMethod!);
                return;
            }

            il.Emit(OpCodes.Ldc_I8, low);
            il.Emit(OpCodes.Ldc_I8, high);
            il.Emit(OpCodes.Call, Members.Method(typeof(Vector128), nameof(Vector128.Create), typeof(long), typeof(long)));
            il.ConvertLanes(typeof(long), lane);
        }

        /// <summary>NaN goes by its bits: as a float, its payload would be the just-in-time compiler's to keep or lose.</summary>
        internal void LoadConstant(ValueKind kind, long bits, long high = 0)
        {
            switch (kind)
            {
                case ValueKind.I32: il.LoadInt32((int)bits); break;
                case ValueKind.I64: il.LoadInt64(bits); break;
                case ValueKind.F32 when float.IsNaN(BitConverter.Int32BitsToSingle((int)bits)):
                    il.LoadInt32((int)bits);
                    il.Emit(OpCodes.Call, Members.Method(typeof(FloatMath), nameof(FloatMath.OpaqueSingle)));
                    break;
                case ValueKind.F64 when double.IsNaN(BitConverter.Int64BitsToDouble(bits)):
                    il.Emit(OpCodes.Ldc_I8, bits);
                    il.Emit(OpCodes.Call, Members.Int64BitsToDouble);
                    break;
                case ValueKind.F32: il.Emit(OpCodes.Ldc_R4, BitConverter.Int32BitsToSingle((int)bits)); break;
                case ValueKind.F64: il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(bits)); break;
                case ValueKind.V128: il.LoadVector(bits, high, typeof(byte)); break;
                default: il.Emit(OpCodes.Ldnull); break;
            }
        }

        /// <summary>Calls machine code that takes <paramref name="type"/>'s parameters and a target: all on the stack, the address on top.</summary>
        internal void CallThroughPointer(FunctionType type)
        {
            var parameters = new Type[type.Parameters.Length + 1];
            for (var i = 0; i < type.Parameters.Length; i++)
                parameters[i] = type.Parameters[i].ClrType;
            parameters[^1] = typeof(object);
            il.EmitCalli(OpCodes.Calli, System.Reflection.CallingConventions.Standard, type.ClrResult, parameters, null);
        }
    }
}

using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using static Allotrope.Wasm.VectorOpcode;

namespace Allotrope.Wasm;

/// <content>Vector loads and stores.</content>
sealed partial class FunctionCompiler
{
    void EmitVectorAccess(in Instruction instruction)
    {
        switch (instruction.Vector)
        {
            case V128Store: EmitVectorStore(instruction); break;
            case >= V128Store8Lane and <= V128Store64Lane: EmitLaneStore(instruction); break;
            case >= V128Load8Lane and <= V128Load64Lane: EmitLaneLoad(instruction); break;
            case V128Load when IsGuarded(instruction):
                LoadGuardedBytes(instruction);
                _operands.PushVector(typeof(byte));
                break;
            case V128Load:
                LoadEffectiveAddress(instruction);
                _il.Emit(OpCodes.Unaligned, (byte)1);
                _il.Emit(OpCodes.Ldobj, typeof(Vector128<byte>));
                _operands.PushVector(typeof(byte));
                break;
            case V128Load32Zero or V128Load64Zero: EmitLoadOne(instruction, nameof(Vector128.CreateScalar)); break;
            case >= V128Load8Splat and <= V128Load64Splat: EmitLoadOne(instruction, nameof(Vector128.Create)); break;
            default: EmitLoadWidened(instruction); break;
        }
    }

    void EmitVectorStore(in Instruction instruction)
    {
        var value = _operands.Take();
        LoadAddressToWrite(instruction);
        _frame.Load(value);
        PrefixStore(instruction);
        _il.Emit(OpCodes.Stobj, typeof(Vector128<byte>));
        _frame.Release(value);
    }

    /// <summary>One lane from the memory, into all lanes or with zeros beside it.</summary>
    void EmitLoadOne(in Instruction instruction, string method)
    {
        var lane = VectorLane.Of(instruction.Vector);
        LoadLane(instruction, lane);
        _il.Emit(OpCodes.Call, Members.Method(typeof(Vector128), method, lane));
        _operands.PushVector(lane);
    }

    /// <summary>Eight bytes, of which each lane becomes one twice as wide.</summary>
    void EmitLoadWidened(in Instruction instruction)
    {
        LoadLane(instruction, typeof(long));
        _il.Emit(OpCodes.Call, Members.Method(typeof(Vector128), nameof(Vector128.CreateScalarUnsafe), typeof(long)));
        var (narrow, wide) = instruction.Vector switch
        {
            V128Load8x8S => (typeof(sbyte), typeof(short)),
            V128Load8x8U => (typeof(byte), typeof(ushort)),
            V128Load16x4S => (typeof(short), typeof(int)),
            V128Load16x4U => (typeof(ushort), typeof(uint)),
            V128Load32x2S => (typeof(int), typeof(long)),
            _ => (typeof(uint), typeof(ulong)),
        };
        _il.Emit(OpCodes.Call, VectorOperation.Conversion(typeof(long), narrow));
        _il.Emit(OpCodes.Call, Members.Method(typeof(Vector128), nameof(Vector128.WidenLower), typeof(Vector128<>).MakeGenericType(narrow)));
        _operands.PushVector(wide);
    }

    void EmitLaneLoad(in Instruction instruction)
    {
        var lane = VectorLane.Of(instruction.Vector);
        var vector = _operands.Take();
        LoadLane(instruction, lane);
        var loaded = _frame.Scratch(lane == typeof(long) ? typeof(long) : typeof(int));
        _il.Emit(OpCodes.Stloc, loaded);
        _frame.Load(vector);
        _il.ConvertLanes(typeof(byte), lane);
        _il.LoadInt32(instruction.Lane);
        _il.Emit(OpCodes.Ldloc, loaded);
        WithElement(lane);
        _frame.Release(vector);
        _operands.PushVector(lane);
    }

    void EmitLaneStore(in Instruction instruction)
    {
        var lane = VectorLane.Of(instruction.Vector);
        var vector = _operands.Take();
        LoadAddressToWrite(instruction);
        _frame.Load(vector);
        _il.ConvertLanes(typeof(byte), lane);
        _il.LoadInt32(instruction.Lane);
        _il.Emit(OpCodes.Call, Members.Generic(typeof(Vector128), nameof(Vector128.GetElement), lane));
        PrefixStore(instruction);
        _il.Emit(VectorSignatures.AccessWidth(instruction.Vector) switch
        {
            0 => OpCodes.Stind_I1,
            1 => OpCodes.Stind_I2,
            2 => OpCodes.Stind_I4,
            _ => OpCodes.Stind_I8,
        });
        _frame.Release(vector);
    }

    /// <summary>Pops the address and puts the lane there on the IL stack.</summary>
    void LoadLane(in Instruction instruction, Type lane)
    {
        if (IsGuarded(instruction))
        {
            LoadGuarded(instruction, 1 << VectorSignatures.AccessWidth(instruction.Vector));
            return;
        }

        LoadEffectiveAddress(instruction);
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(lane == typeof(byte) ? OpCodes.Ldind_U1 : lane == typeof(ushort) ? OpCodes.Ldind_U2 : lane == typeof(int) ? OpCodes.Ldind_I4 : OpCodes.Ldind_I8);
    }
}

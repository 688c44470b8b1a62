using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Structs and small integers.</content>
sealed partial class FunctionCompiler
{
    void EmitHeap(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.StructNew or Opcode.StructNewDefault: EmitStructNew(instruction); break;
            case <= Opcode.StructGetU: EmitStructGet(instruction); break;
            case Opcode.StructSet: EmitStructSet(instruction); break;
            case <= Opcode.ArrayInitElem: EmitArray(instruction); break;
            case <= Opcode.BrOnCastFail: EmitCast(instruction); break;
            case Opcode.AnyConvertExtern: Rename(ValueKind.AnyRef); break;
            case Opcode.ExternConvertAny: Rename(ValueKind.ExternRef); break;
            case Opcode.RefI31:
                _operands.Load(1);
                _frame.LoadInstance();
                _il.Emit(OpCodes.Call, Members.I31Of);
                _operands.PushResult(ValueKind.I31Ref);
                break;
            default: EmitI31Get(instruction.Opcode == Opcode.I31GetU); break;
        }
    }

    /// <summary>The same object is a reference of another kind.</summary>
    void Rename(ValueKind kind) => Repush(_operands.Take() with { Kind = kind });

    void EmitStructNew(in Instruction instruction)
    {
        var type = (StructType)_image.Types[instruction.Index];
        var shape = _module.ShapeOf(type, _body);
        var values = instruction.Opcode == Opcode.StructNew ? TakeMany(type.Fields.Length) : [];
        LoadType(instruction.Index);
        _il.Emit(OpCodes.Newobj, shape.Constructor);
        for (var i = 0; i < values.Length; i++)
        {
            _il.Emit(OpCodes.Dup);
            _frame.Load(values[i]);
            Narrow(type.Fields[i].Packing);
            _il.Emit(OpCodes.Stfld, shape.Fields[i]);
            _frame.Release(values[i]);
        }

        CountObject(shape.ObjectBytes);
        _operands.PushResult(ValueKind.StructRef);
    }

    /// <summary>Pops operands, each in a form that can be loaded.</summary>
    Operand[] TakeMany(int count)
    {
        var operands = new Operand[count];
        for (var i = count - 1; i >= 0; i--)
            operands[i] = _operands.Take();
        return operands;
    }

    void LoadType(int index)
    {
        _frame.LoadInstance();
        _il.Emit(OpCodes.Ldfld, Members.InstanceTypes);
        _il.LoadInt32(index);
        _il.Emit(OpCodes.Ldelem_Ref);
    }

    /// <summary>Counts the object on the IL stack.</summary>
    void CountObject(int bytes)
    {
        _il.LoadInt64(bytes);
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldfld, Members.GuardHeap);
        _il.Emit(OpCodes.Call, Members.HeapCount);
    }

    /// <summary>Keeps what a packed field has room for.</summary>
    void Narrow(Packing packing)
    {
        if (packing != Packing.None)
            _il.Emit(packing == Packing.I8 ? OpCodes.Conv_U1 : OpCodes.Conv_U2);
    }

    void EmitStructGet(in Instruction instruction)
    {
        var type = (StructType)_image.Types[instruction.Index];
        var field = type.Fields[instruction.Second];
        var reference = TakeNonNull();
        _frame.Load(reference);
        _il.Emit(OpCodes.Ldfld, _module.ShapeOf(type, _body).Fields[instruction.Second]);
        if (instruction.Opcode == Opcode.StructGetS)
            _il.Emit(field.Packing == Packing.I8 ? OpCodes.Conv_I1 : OpCodes.Conv_I2);
        _frame.Release(reference);
        _operands.PushResult(field.Type.Kind);
    }

    void EmitStructSet(in Instruction instruction)
    {
        var type = (StructType)_image.Types[instruction.Index];
        var value = _operands.Take();
        var reference = TakeNonNull();
        _frame.Load(reference);
        _frame.Load(value);
        Narrow(type.Fields[instruction.Second].Packing);
        _il.Emit(OpCodes.Stfld, _module.ShapeOf(type, _body).Fields[instruction.Second]);
        _frame.Release(reference);
        _frame.Release(value);
    }

    void EmitI31Get(bool unsigned)
    {
        var reference = TakeNonNull();
        _frame.Load(reference);
        _il.Emit(OpCodes.Call, Members.I31Value);
        if (unsigned)
        {
            _il.LoadInt32(int.MaxValue);
            _il.Emit(OpCodes.And);
        }

        _frame.Release(reference);
        _operands.PushResult(ValueKind.I32);
    }
}

using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>drop, select, locals, globals and references.</content>
sealed partial class FunctionCompiler
{
    void EmitVariable(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Drop: _operands.Drop(); break;
            case Opcode.Select or Opcode.SelectTyped: EmitSelect(); break;
            case Opcode.LocalGet: _operands.PushLocal(instruction.Index); break;
            case Opcode.LocalSet: EmitLocalSet(instruction.Index); break;
            case Opcode.LocalTee:
                EmitLocalSet(instruction.Index);
                _operands.PushLocal(instruction.Index);
                break;
            case Opcode.GlobalGet: EmitGlobalGet(instruction.Index); break;
            case Opcode.GlobalSet: EmitGlobalSet(instruction.Index); break;
        }
    }

    void EmitLocalSet(int index)
    {
        var isSame = _operands.Top is { Place: Place.Local } top && top.Slot == index;
        if (isSame)
        {
            _operands.Drop();
            return;
        }

        _operands.Load(1);
        _operands.Detach(index);
        _frame.StoreLocal(index);
        _checked.Forget(index);
    }

    /// <summary>Integers without a branch, since nobody can guess a condition that a compiler chose not to branch on; others with one.</summary>
    void EmitSelect()
    {
        var kind = _operands.Second.Kind;
        if (kind is not (ValueKind.I32 or ValueKind.I64))
        {
            EmitBranchingSelect();
            return;
        }

        // second ^ ((first ^ second) & -(condition != 0))
        _operands.Load(1);
        ShieldTest(ValueKind.I32);
        _il.LoadInt32(0);
        _il.Emit(OpCodes.Cgt_Un);
        _il.Emit(OpCodes.Neg);
        if (kind == ValueKind.I64)
            _il.Emit(OpCodes.Conv_I8);
        _operands.PushResult(kind);
        var mask = _operands.Take();
        var second = _operands.Take();
        var depth = _operands.Load(1);
        _frame.Load(second);
        _il.Emit(OpCodes.Xor);
        _frame.Load(mask);
        _il.Emit(OpCodes.And);
        _frame.Load(second);
        _il.Emit(OpCodes.Xor);
        _frame.Release(mask);
        _frame.Release(second);
        _operands.PushResult(kind, depth + 2);
    }

    void EmitBranchingSelect()
    {
        var condition = _operands.Take();
        var second = _operands.Take();
        var first = _operands.Take();
        _operands.Spill();
        var result = _frame.Rent(first.Kind);
        var end = _il.DefineLabel();
        _frame.Load(first);
        _frame.StoreTemporary(result);
        _frame.Load(condition);
        ShieldTest(ValueKind.I32);
        _il.Emit(OpCodes.Brtrue, end);
        _frame.Load(second);
        _frame.StoreTemporary(result);
        _il.MarkLabel(end);
        _frame.Release(first);
        _frame.Release(second);
        _frame.Release(condition);
        _operands.Push(_frame.Temporary(result));
    }

    void EmitGlobalGet(int index)
    {
        var global = _image.Globals[index];
        if (_module.ConstantOf(index) is { } constant)
        {
            _operands.PushConstant(global.Type.Kind, constant);
            return;
        }

        LoadGlobalAddress(index);
        if (HolderOf(global.Type.Kind) is { } holder)
            _il.Emit(OpCodes.Ldfld, holder);
        else
            _il.Emit(LoadIndirect(global.Type.Kind));
        _operands.PushResult(global.Type.Kind);
    }

    void EmitGlobalSet(int index)
    {
        var kind = _image.Globals[index].Type.Kind;
        var value = _operands.Take();
        LoadGlobalAddress(index);
        _frame.Load(value);
        if (HolderOf(kind) is { } holder)
            _il.Emit(OpCodes.Stfld, holder);
        else
            _il.Emit(StoreIndirect(kind));
        _frame.Release(value);
    }

    /// <summary>Where a global holds what is no number.</summary>
    static FieldInfo? HolderOf(ValueKind kind) => kind.IsReference ? Members.GlobalReference : kind == ValueKind.V128 ? Members.GlobalVector : null;

    /// <summary>The address of a number's bits, or the object that holds a vector or reference.</summary>
    void LoadGlobalAddress(int index)
    {
        _frame.LoadInstance();
        if (_image.IsCell(index))
        {
            _il.Emit(OpCodes.Ldfld, Members.InstanceCells);
            _il.Emit(OpCodes.Call, Members.FirstCell); // no check: the array has a cell for every global
            if (index > 0)
            {
                _il.LoadInt32(index * sizeof(long));
                _il.Emit(OpCodes.Add);
            }

            return;
        }

        _il.Emit(OpCodes.Ldfld, Members.InstanceGlobals);
        _il.LoadInt32(index);
        _il.Emit(OpCodes.Ldelem_Ref);
        if (_image.Globals[index].Type.Kind.IsNumber)
            _il.Emit(OpCodes.Ldflda, Members.GlobalBits);
    }

    static OpCode LoadIndirect(ValueKind kind) => kind switch
    {
        ValueKind.I32 => OpCodes.Ldind_I4,
        ValueKind.I64 => OpCodes.Ldind_I8,
        ValueKind.F32 => OpCodes.Ldind_R4,
        _ => OpCodes.Ldind_R8,
    };

    static OpCode StoreIndirect(ValueKind kind) => kind switch
    {
        ValueKind.I32 => OpCodes.Stind_I4,
        ValueKind.I64 => OpCodes.Stind_I8,
        ValueKind.F32 => OpCodes.Stind_R4,
        _ => OpCodes.Stind_R8,
    };

    void EmitReference(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.RefNull: _operands.PushConstant(instruction.Type.Kind, 0); break;
            case Opcode.RefIsNull:
                var depth = _operands.Load(1);
                _il.Emit(OpCodes.Ldnull);
                _il.Emit(OpCodes.Ceq);
                _operands.PushResult(ValueKind.I32, depth);
                break;
            default:
                _frame.LoadInstance();
                _il.LoadInt32(instruction.Index);
                _il.Emit(OpCodes.Call, Members.FunctionAt);
                _operands.PushResult(ValueKind.FuncRef);
                break;
        }
    }
}

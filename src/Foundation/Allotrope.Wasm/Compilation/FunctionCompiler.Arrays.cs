using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Arrays: elements are read and written in place, ranges by methods of <see cref="Arrays"/>.</content>
sealed partial class FunctionCompiler
{
    void EmitArray(in Instruction instruction)
    {
        var (type, second) = (instruction.Index, instruction.Second);
        switch (instruction.Opcode)
        {
            case Opcode.ArrayLen:
                var array = TakeNonNull();
                _frame.Load(array);
                _il.Emit(OpCodes.Ldfld, Members.ArrayItems);
                _il.Emit(OpCodes.Ldlen);
                _il.Emit(OpCodes.Conv_I4);
                _frame.Release(array);
                _operands.PushResult(ValueKind.I32);
                break;
            case Opcode.ArrayNew:
                var length = _operands.Take();
                _operands.Load(1);
                Narrow(ElementOf(type).Packing);
                _frame.Load(length);
                _frame.Release(length);
                CallArrays(nameof(Arrays.New), type, ValueKind.ArrayRef, type);
                break;
            case Opcode.ArrayNewDefault: EmitArrays(nameof(Arrays.NewDefault), 1, type, ValueKind.ArrayRef, type); break;
            case Opcode.ArrayNewFixed: EmitNewFixed(type, second); break;
            case Opcode.ArrayNewData: EmitArrays(nameof(Arrays.NewData), 2, type, ValueKind.ArrayRef, type, second); break;
            case Opcode.ArrayNewElem: EmitArrays(nameof(Arrays.NewElements), 2, type, ValueKind.ArrayRef, type, second); break;
            case Opcode.ArrayGet or Opcode.ArrayGetS or Opcode.ArrayGetU: EmitArrayGet(instruction.Opcode, ElementOf(type)); break;
            case Opcode.ArraySet: EmitArraySet(ElementOf(type)); break;
            case Opcode.ArrayFill: EmitFill(type); break;
            case Opcode.ArrayCopy: EmitArrays(nameof(Arrays.Copy), 5, type, null); break;
            case Opcode.ArrayInitData: EmitArrays(nameof(Arrays.InitData), 4, type, null, second); break;
            default: EmitArrays(nameof(Arrays.InitElements), 4, type, null, second); break;
        }
    }

    FieldType ElementOf(int type) => ((ArrayType)_image.Types[type]).Element;

    /// <summary>Calls a method with operands, indices and the instance.</summary>
    void EmitArrays(string method, int operands, int type, ValueKind? result, params ReadOnlySpan<int> indices)
    {
        _operands.Load(operands);
        CallArrays(method, type, result, indices);
    }

    void CallArrays(string method, int type, ValueKind? result, params ReadOnlySpan<int> indices)
    {
        foreach (var index in indices)
            _il.LoadInt32(index);
        _frame.LoadInstance();
        _il.Emit(OpCodes.Call, Members.Generic(typeof(Arrays), method, ElementOf(type).ClrType));
        if (result is { } kind)
            _operands.PushResult(kind);
    }

    void EmitNewFixed(int type, int count)
    {
        var element = ElementOf(type);
        var values = TakeMany(count);
        _operands.Spill();
        _il.LoadInt32(count);
        CallArrays(nameof(Arrays.NewFixed), type, ValueKind.ArrayRef, type);
        if (count == 0)
            return;
        var made = _operands.Take();
        var items = LoadItems(made, element);
        for (var i = 0; i < count; i++)
        {
            _il.Emit(OpCodes.Ldloc, items);
            _il.LoadInt32(i);
            _frame.Load(values[i]);
            Narrow(element.Packing);
            _il.Emit(OpCodes.Stelem, element.ClrType);
            _frame.Release(values[i]);
        }

        _operands.Push(made);
    }

    /// <summary>The elements of an array that is not null, in a local of their own type.</summary>
    LocalBuilder LoadItems(in Operand array, in FieldType element)
    {
        var items = _frame.Scratch(element.ClrType.MakeArrayType());
        _frame.Load(array);
        _il.Emit(OpCodes.Ldfld, Members.ArrayItems);
        _il.Emit(OpCodes.Stloc, items);
        return items;
    }

    /// <summary>Branches away when the index is outside; the .NET array's own check is then seen to be superfluous.</summary>
    LocalBuilder CheckItem(in Operand array, in Operand index, in FieldType element)
    {
        var items = LoadItems(array, element);
        _frame.Load(index);
        _il.Emit(OpCodes.Ldloc, items);
        _il.Emit(OpCodes.Ldlen);
        _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Bge_Un, TrapLabel(TrapKind.ArrayOutOfBounds));
        return items;
    }

    void EmitArrayGet(Opcode opcode, in FieldType element)
    {
        var index = _operands.Take();
        var array = TakeNonNull();
        var items = CheckItem(array, index, element);
        _il.Emit(OpCodes.Ldloc, items);
        _frame.Load(index);
        _il.Emit(OpCodes.Ldelem, element.ClrType);
        if (opcode == Opcode.ArrayGetS)
            _il.Emit(element.Packing == Packing.I8 ? OpCodes.Conv_I1 : OpCodes.Conv_I2);
        _frame.Release(array);
        _frame.Release(index);
        _operands.PushResult(element.Type.Kind);
    }

    void EmitArraySet(in FieldType element)
    {
        var value = _operands.Take();
        var index = _operands.Take();
        var array = TakeNonNull();
        var items = CheckItem(array, index, element);
        _il.Emit(OpCodes.Ldloc, items);
        _frame.Load(index);
        _frame.Load(value);
        Narrow(element.Packing);
        _il.Emit(OpCodes.Stelem, element.ClrType);
        _frame.Release(array);
        _frame.Release(index);
        _frame.Release(value);
    }

    void EmitFill(int type)
    {
        var length = _operands.Take();
        _operands.Load(3);
        Narrow(ElementOf(type).Packing);
        _frame.Load(length);
        _frame.Release(length);
        CallArrays(nameof(Arrays.Fill), type, null);
    }
}

using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Table instructions.</content>
sealed partial class FunctionCompiler
{
    void EmitTable(in Instruction instruction)
    {
        var table = instruction.Index;
        switch (instruction.Opcode)
        {
            case Opcode.TableGet: EmitTableGet(table); break;
            case Opcode.TableSet when _image.Tables[table].Element.Kind.Family == ValueKind.FuncRef:
                EmitBulk(nameof(Bulk.TableSet), 2, table);
                break;
            case Opcode.TableSet: EmitTableSet(table); break;
            case Opcode.TableSize:
                LoadElements(table);
                _il.Emit(OpCodes.Ldlen);
                _il.Emit(OpCodes.Conv_U8);
                PushSize(_image.Tables[table].Limits.Address);
                break;
            case Opcode.TableGrow:
                EmitBulk(nameof(Bulk.TableGrow), 2, table);
                PushSize(_image.Tables[table].Limits.Address);
                break;
            case Opcode.TableFill: EmitBulk(nameof(Bulk.TableFill), 3, table); break;
            case Opcode.TableCopy: EmitBulk(nameof(Bulk.TableCopy), 3, table, instruction.Second); break;
            case Opcode.TableInit: EmitBulk(nameof(Bulk.TableInit), 3, table, instruction.Second); break;
            case Opcode.ElemDrop: EmitBulk(nameof(Bulk.ElemDrop), 0, table); break;
        }
    }

    void EmitTableGet(int table)
    {
        var index = _operands.Take();
        LoadElement(table, index, TrapKind.TableOutOfBounds);
        _frame.Release(index);
        _operands.PushResult(_image.Tables[table].Element.Kind);
    }

    void EmitTableSet(int table)
    {
        var value = _operands.Take();
        var index = _operands.Take();
        var elements = CheckElement(table, index, TrapKind.TableOutOfBounds);
        _il.Emit(OpCodes.Ldloc, elements);
        LoadIndex(index);
        _frame.Load(value);
        _il.Emit(OpCodes.Stelem_Ref);
        _frame.Release(value);
        _frame.Release(index);
    }

    void LoadElement(int table, in Operand index, TrapKind outside)
    {
        var elements = CheckElement(table, index, outside);
        _il.Emit(OpCodes.Ldloc, elements);
        LoadIndex(index);
        _il.Emit(OpCodes.Ldelem_Ref);
    }

    /// <summary>An index that is known to be inside, as the machine addresses arrays.</summary>
    void LoadIndex(in Operand index)
    {
        _frame.Load(index);
        if (index.Kind == ValueKind.I64)
            _il.Emit(OpCodes.Conv_I4);
    }

    /// <summary>Branches away when the index is outside; the array's own check is then seen to be superfluous.</summary>
    LocalBuilder CheckElement(int table, in Operand index, TrapKind outside)
    {
        _operands.Spill();
        var elements = _frame.Scratch(typeof(object[]));
        LoadElements(table);
        _il.Emit(OpCodes.Stloc, elements);
        _frame.Load(index);
        _il.Emit(OpCodes.Ldloc, elements);
        _il.Emit(OpCodes.Ldlen);
        _il.Emit(index.Kind == ValueKind.I64 ? OpCodes.Conv_U8 : OpCodes.Conv_I4);
        _il.Emit(OpCodes.Bge_Un, TrapLabel(outside));
        return elements;
    }

    void LoadElements(int table)
    {
        _frame.LoadInstance();
        if (table == 0)
        {
            _il.Emit(OpCodes.Ldfld, Members.InstanceFirstTable);
        }
        else
        {
            _il.Emit(OpCodes.Ldfld, Members.InstanceTables);
            _il.LoadInt32(table);
            _il.Emit(OpCodes.Ldelem_Ref);
        }

        _il.Emit(OpCodes.Ldfld, Members.TableElements);
    }
}

namespace Allotrope.Wasm.Tests.Differential;

sealed partial class FunctionGenerator
{
    void Statements(Chance chance, int depth)
    {
        if (depth <= 0) return;
        for (var i = chance.From(0, 2 + depth); i > 0; i--) Statement(chance.Child(), depth);
    }

    /// <summary>Something that leaves the stack as it was.</summary>
    void Statement(Chance chance, int depth)
    {
        if (depth <= 0 || IsEnough || !Wanted(chance)) return;
        switch (chance.Below(48))
        {
            case < 8: Assign(chance, depth); break;
            case < 12: Store(chance, depth); break;
            case < 15: IfStatement(chance, depth); break;
            case < 17: code.Op(Opcode.Block).Byte(0x40); Inside([], chance, depth + 1); break;
            case < 21: LoopStatement(chance, depth); break;
            case < 24: Branch(chance, depth); break;
            case < 26: Switch(chance, depth); break;
            case < 29: CallStatement(chance, depth); break;
            case < 32: AssignGlobal(chance, depth); break;
            case < 34: Bulk(chance, depth); break;
            case < 36: TableStatement(chance, depth); break;
            case < 38: SayNumber(chance, depth); break;
            case < 40: Neighbours(chance, depth); break;
            case 40: ThrowStatement(chance, depth); break;
            case 41: TailCall(chance, depth); break;
            case < 44: SetField(chance, depth); break;
            case 44 when plan.Has(Features.Atomics): Atomic(Operations.Atomic(null, chance), chance, depth); break;
            case 45:
                var carried = plan.AnyType(chance);
                SwitchValue(carried, chance, depth);
                Put(carried, chance);
                break;
            default:
                var type = plan.AnyType(chance, withDefault: false);
                Value(type, chance.Child(), depth + 1);
                Put(type, chance);
                break;
        }
    }

    void Assign(Chance chance, int depth)
    {
        if (_usable.Count == 0) return;
        var local = chance.Of(_usable);
        Value(_variables[local], chance.Child(), depth + 1);
        code.Op(Opcode.LocalSet, local);
    }

    void AssignGlobal(Chance chance, int depth)
    {
        List<int> globals = [.. Enumerable.Range(1, plan.Globals.Count - 1).Where(global => plan.Globals[global].Mutable)];
        if (globals.Count == 0) return;
        var global = chance.Of(globals);
        Value(plan.Globals[global].Type, chance.Child(), depth + 1);
        code.Op(Opcode.GlobalSet, global);
    }

    void SayNumber(Chance chance, int depth)
    {
        var type = (Ty)chance.Of((ValueKind[])[ValueKind.I32, ValueKind.I64, ValueKind.F32, ValueKind.F64, ValueKind.V128]);
        Value(type, chance.Child(), depth + 1);
        Say(type);
    }

    void TableStatement(Chance chance, int depth)
    {
        var table = chance.Below(plan.Tables.Count);
        var (element, wide) = (plan.Tables[table].Element, plan.Tables[table].Wide);
        switch (chance.Below(element == ValueKind.FuncRef ? 6 : 4))
        {
            case 0:
                Index(table, chance, depth);
                Value(element, chance.Child(), depth - 1);
                code.Op(Opcode.TableSet, table);
                break;
            case 1:
                Value(element, chance.Child(), depth - 1);
                Length();
                code.Op(Opcode.TableGrow, table);
                if (wide) code.Op(Opcode.I32WrapI64);
                code.Op(Opcode.Call, ModulePlan.SayI32);
                break;
            case 2:
                Index(table, chance, depth);
                Value(element, chance.Child(), depth - 1);
                Length();
                code.Op(Opcode.TableFill, table);
                break;
            case 3:
                Index(table, chance, depth);
                Index(table, chance, depth);
                Length();
                code.Op(Opcode.TableCopy, table).Unsigned(table);
                break;
            case 4:
                Index(table, chance, depth);
                code.I32(chance.From(0, 2)).I32(chance.From(0, 3)).Op(Opcode.TableInit, chance.Below(plan.Elements.Count)).Unsigned(table);
                break;
            default:
                code.Op(Opcode.ElemDrop, chance.Below(plan.Elements.Count));
                break;
        }

        void Length()
        {
            if (wide) code.I64(chance.Below(4));
            else code.I32(chance.Below(4));
        }
    }

    /// <summary>Changes a struct or array.</summary>
    void SetField(Chance chance, int depth)
    {
        if (!plan.Has(Features.Heap)) return;
        var index = chance.Of(plan.HeapTypes);
        if (plan.Types[index] is TypeDef.Struct made)
        {
            List<int> fields = [.. Enumerable.Range(0, made.Fields.Length).Where(field => made.Fields[field].Mutable)];
            if (fields.Count == 0) return;
            var field = chance.Of(fields);
            Value(plan.ReferenceTo(index), chance.Child(), depth - 1);
            Value(made.Fields[field].Type, chance.Child(), depth - 1);
            code.Op(Opcode.StructSet, index).Unsigned(field);
            return;
        }
        var element = ((TypeDef.Array)plan.Types[index]).Element;
        if (!element.Mutable) return;
        Value(plan.ReferenceTo(index), chance.Child(), depth - 1);
        code.I32(chance.From(0, 4));
        switch (chance.Below(3))
        {
            case 0:
                Value(element.Type, chance.Child(), depth - 1);
                code.I32(chance.From(0, 4)).Op(Opcode.ArrayFill, index);
                break;
            case 1:
                Value(plan.ReferenceTo(index), chance.Child(), depth - 1);
                code.I32(chance.From(0, 3)).I32(chance.From(0, 3)).Op(Opcode.ArrayCopy, index).Unsigned(index);
                break;
            default:
                Value(element.Type, chance.Child(), depth - 1);
                code.Op(Opcode.ArraySet, index);
                break;
        }
    }
}

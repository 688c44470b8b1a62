namespace Allotrope.Wasm.Tests.Differential;

sealed partial class FunctionGenerator
{
    /// <summary>A reference that needs nothing.</summary>
    void ConstantReference(Ty type, Chance chance)
    {
        if (type.Nullable && chance.OneIn(2))
        {
            code.Op(Opcode.RefNull).Heap(type);
            return;
        }
        switch (type)
        {
            case { Index: >= 0, Kind: not ValueKind.FuncRef }:
                NewConstant(type.Index, chance);
                break;
            case { Kind: ValueKind.FuncRef }:
                code.Op(Opcode.RefFunc, chance.Of([.. Callable()]));
                break;
            case { Kind: ValueKind.ExnRef }:
                code.Op(Opcode.RefNull).Heap(type);
                if (!type.Nullable) code.Op(Opcode.RefAsNonNull); // only where a handler could be branched to
                break;
            case { Kind: ValueKind.ExternRef } when type.Nullable || !plan.Has(Features.Heap):
                code.Op(Opcode.RefNull).Heap(type);
                break;
            case { Kind: ValueKind.ExternRef }:
                Small();
                code.Op(Opcode.ExternConvertAny);
                break;
            case { Kind: ValueKind.StructRef }:
                NewConstant(plan.HeapTypes.First(index => plan.Types[index] is TypeDef.Struct), chance);
                break;
            case { Kind: ValueKind.ArrayRef }:
                NewConstant(plan.HeapTypes.First(index => plan.Types[index] is TypeDef.Array), chance);
                break;
            default:
                Small();
                break;
        }

        void Small() => code.I32((int)Numbers.Integer(chance)).Op(Opcode.RefI31);
    }

    void NewConstant(int index, Chance chance)
    {
        if (plan.Types[index] is TypeDef.Array array)
        {
            var count = array.Element.Type.Index == index ? 0 : chance.From(0, 3);
            for (var i = 0; i < count; i++) Constant(array.Element.Type, chance.Child());
            code.Op(Opcode.ArrayNewFixed, index).Unsigned(count);
            return;
        }
        var made = (TypeDef.Struct)plan.Types[index];
        if (made.Fields.All(field => field.Type.HasDefault) && chance.OneIn(2))
        {
            code.Op(Opcode.StructNewDefault, index);
            return;
        }
        foreach (var field in made.Fields)
            if (field.Type.Index == index) code.Op(Opcode.RefNull).Heap(field.Type);
            else Constant(field.Type, chance.Child());
        code.Op(Opcode.StructNew, index);
    }

    void Reference(Ty type, Chance chance, int depth)
    {
        if (!plan.Has(Features.Heap) || type.Kind == ValueKind.ExnRef)
        {
            if (type.Nullable && chance.OneIn(2) && Element(type, chance, depth)) return;
            Leaf(type, chance);
            return;
        }
        switch (chance.Below(9))
        {
            case 0 when Element(type, chance, depth):
                break;
            case 1 when !type.Nullable:
                Value(type with { Nullable = true }, chance.Child(), depth - 1);
                code.Op(Opcode.RefAsNonNull);
                break;
            case 2 or 3 when Top(type) is { } top && top != type:
                Value(top, chance.Child(), depth - 1);
                code.Op(type.Nullable ? Opcode.RefCastNull : Opcode.RefCast).Heap(type);
                break;
            case 4 when type.Kind == ValueKind.ExternRef:
                Value(new Ty(ValueKind.AnyRef, -1, type.Nullable), chance.Child(), depth - 1);
                code.Op(Opcode.ExternConvertAny);
                break;
            case 4 when type.Kind == ValueKind.AnyRef:
                Value(new Ty(ValueKind.ExternRef, -1, type.Nullable), chance.Child(), depth - 1);
                code.Op(Opcode.AnyConvertExtern);
                break;
            case 5 when Top(type) is { } top:
                BranchOnCast(type, top, chance, depth);
                break;
            default:
                Make(type, chance, depth);
                break;
        }
    }

    static Ty? Top(Ty type) => type.Kind switch
    {
        ValueKind.FuncRef => ValueKind.FuncRef,
        ValueKind.ExternRef or ValueKind.ExnRef => null,
        _ => ValueKind.AnyRef,
    };

    void BranchOnCast(Ty type, Ty top, Chance chance, int depth)
    {
        code.Op(Opcode.Block).Type(type);
        _labels.Add([type]);
        Value(top, chance.Child(), depth - 1);
        var fails = chance.OneIn(3) && type == top;
        code.Op(fails ? Opcode.BrOnCastFail : Opcode.BrOnCast).Byte(1 | (type.Nullable ? 2 : 0)).Unsigned(0).Heap(top).Heap(type);
        code.Op(Opcode.Drop);
        Value(type, chance.Child(), depth - 1);
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
    }

    /// <summary>A new object of the type or of one that extends it.</summary>
    void Make(Ty type, Chance chance, int depth)
    {
        List<int> candidates = [.. plan.HeapTypes.Where(index => plan.Fits(plan.ReferenceTo(index, nullable: false), type with { Nullable = false }))];
        if (candidates.Count == 0)
        {
            Leaf(type, chance);
            return;
        }
        var chosen = chance.Of(candidates);
        if (plan.Types[chosen] is TypeDef.Array array)
        {
            MakeArray(chosen, array.Element, chance, depth);
            return;
        }
        var made = (TypeDef.Struct)plan.Types[chosen];
        foreach (var field in made.Fields) Value(field.Type, chance.Child(), Math.Min(depth - 1, 2));
        code.Op(Opcode.StructNew, chosen);
    }

    void MakeArray(int index, FieldDef element, Chance chance, int depth)
    {
        switch (chance.Below(4))
        {
            case 0:
                var count = chance.From(0, 5);
                for (var i = 0; i < count; i++) Value(element.Type, chance.Child(), Math.Min(depth - 1, 2));
                code.Op(Opcode.ArrayNewFixed, index).Unsigned(count);
                break;
            case 1 when element.Type.HasDefault:
                code.I32(chance.From(0, 30)).Op(Opcode.ArrayNewDefault, index);
                break;
            case 2 when plan.Data.Count > 0 && !element.Type.IsReference:
                code.I32(chance.From(0, 4)).I32(chance.From(0, 5)).Op(Opcode.ArrayNewData, index).Unsigned(chance.Below(plan.Data.Count));
                break;
            default:
                Value(element.Type, chance.Child(), depth - 1);
                code.I32(chance.From(0, 30)).Op(Opcode.ArrayNew, index);
                break;
        }
    }

    /// <summary>A reference to a function of exactly the type, or null.</summary>
    void FunctionReference(int type, Chance chance, int depth)
    {
        List<int> functions = [.. Callable().Where(function => plan.Functions[function].Type == type)];
        if (functions.Count > 0 && !chance.OneIn(8))
        {
            code.Op(Opcode.RefFunc, chance.Of(functions));
            return;
        }
        if (chance.OneIn(2))
        {
            code.Op(Opcode.RefNull).Heap(plan.ReferenceTo(type));
            return;
        }
        Value(ValueKind.FuncRef, chance.Child(), depth);
        code.Op(Opcode.RefCastNull).Heap(plan.ReferenceTo(type));
    }

    /// <summary>What is in a field or element of the type; false when nothing has one.</summary>
    bool FieldOf(Ty type, Chance chance, int depth)
    {
        if (!plan.Has(Features.Heap)) return false;
        if (type == ValueKind.I32 && chance.OneIn(3))
        {
            Inspect(chance, depth);
            return true;
        }
        List<(int Index, int Field, FieldDef Def)> fields =
        [
            .. plan.HeapTypes.SelectMany(index => plan.Types[index] switch
            {
                TypeDef.Struct made => made.Fields.Select((field, at) => (index, at, field)),
                TypeDef.Array array => [(index, -1, array.Element)],
                _ => [],
            }).Where(field => plan.Fits(field.Item3.Type, type)),
        ];
        if (fields.Count == 0) return false;
        var (chosen, at, def) = chance.Of(fields);
        Value(plan.ReferenceTo(chosen, !chance.OneIn(2)), chance.Child(), depth - 1);
        var signed = chance.OneIn(2) ? 1 : 2;
        if (at >= 0)
        {
            code.Op(Opcode.StructGet + (def.Packed != 0 ? signed : 0), chosen).Unsigned(at);
            return true;
        }
        code.I32(chance.From(0, 4)).Op(Opcode.ArrayGet + (def.Packed != 0 ? signed : 0), chosen);
        return true;
    }

    /// <summary>A number that says something about a reference.</summary>
    void Inspect(Chance chance, int depth)
    {
        switch (chance.Below(6))
        {
            case 0:
                Value(ValueKind.ArrayRef, chance.Child(), depth - 1);
                code.Op(Opcode.ArrayLen);
                break;
            case 1:
                Value(ValueKind.I31Ref, chance.Child(), depth - 1);
                code.Op(chance.OneIn(2) ? Opcode.I31GetS : Opcode.I31GetU);
                break;
            case 2:
                Value(ValueKind.EqRef, chance.Child(), depth - 1);
                Value(ValueKind.EqRef, chance.Child(), depth - 1);
                code.Op(Opcode.RefEq);
                break;
            case 3:
                Value(ValueKind.FuncRef, chance.Child(), depth - 1);
                code.Op(Opcode.RefTest).Heap(plan.ReferenceTo(chance.Of(plan.FunctionTypes)));
                break;
            case 4:
                Value(plan.AnyType(chance) is { IsReference: true } type ? type : ValueKind.ExternRef, chance.Child(), depth - 1);
                code.Op(Opcode.RefIsNull);
                break;
            default:
                Value(ValueKind.AnyRef, chance.Child(), depth - 1);
                code.Op(chance.OneIn(2) ? Opcode.RefTest : Opcode.RefTestNull).Heap(chance.OneIn(3) ? ValueKind.I31Ref : plan.ReferenceTo(chance.Of(plan.HeapTypes)));
                break;
        }
    }

    /// <summary>What is in a table, sometimes outside of it.</summary>
    bool Element(Ty type, Chance chance, int depth)
    {
        List<int> tables = [.. Enumerable.Range(0, plan.Tables.Count).Where(table => plan.Fits(plan.Tables[table].Element, type))];
        if (tables.Count == 0) return false;
        var table = chance.Of(tables);
        Index(table, chance, depth);
        code.Op(Opcode.TableGet, table);
        return true;
    }

    void Index(int table, Chance chance, int depth)
    {
        if (plan.Tables[table].Wide)
        {
            code.I64(chance.OneIn(20) ? (long)chance.Bits() : chance.Below(8));
        }
        else if (chance.OneIn(3))
        {
            Value(ValueKind.I32, chance.Child(), depth - 1);
            code.I32(7).Op(Opcode.I32And);
        }
        else
        {
            code.I32(chance.OneIn(20) ? chance.From(-1, 30) : chance.Below(8));
        }
    }
}

namespace Allotrope.Wasm.Tests.Differential;

sealed partial class FunctionGenerator
{
    /// <summary>A call that gives the type; false when no function does.</summary>
    bool CallFor(Ty type, Chance chance, int depth)
    {
        List<int> functions = [.. Callable().Where(function => CanKeep(plan.SignatureOf(function).Results, type))];
        if (functions.Count == 0) return false;
        var function = chance.Of(functions);
        Call(function, chance, depth);
        Keep(plan.SignatureOf(function).Results, type);
        return true;
    }

    void CallStatement(Chance chance, int depth)
    {
        var function = chance.Of([.. Callable()]);
        Call(function, chance, depth);
        foreach (var result in plan.SignatureOf(function).Results.Reverse()) Put(result, chance);
    }

    IEnumerable<int> Callable() => Enumerable.Range(0, plan.Functions.Count).Where(function => plan.Functions[function].Role is FunctionRole.Import or FunctionRole.Body);

    /// <summary>Assigns what is on the stack to a variable or drops it.</summary>
    void Put(Ty type, Chance chance)
    {
        List<int> locals = [.. _usable.Where(local => plan.Fits(type, _variables[local]))];
        if (locals.Count > 0 && !chance.OneIn(3)) code.Op(Opcode.LocalSet, chance.Of(locals));
        else code.Op(Opcode.Drop);
    }

    /// <summary>Calls directly, by a table or by reference.</summary>
    void Call(int function, Chance chance, int depth, bool tail = false)
    {
        var type = plan.Functions[function].Type;
        Values(plan.Signature(type).Parameters, chance.Child(), Math.Min(depth - 1, 3));
        switch (chance.Below(6))
        {
            case 0 or 1:
                var table = Slot(function, chance, depth);
                code.Op(tail ? Opcode.ReturnCallIndirect : Opcode.CallIndirect, type).Unsigned(table);
                break;
            case 2 when plan.Has(Features.Heap):
                FunctionReference(type, chance.Child(), depth - 1);
                code.Op(tail ? Opcode.ReturnCallRef : Opcode.CallRef, type);
                break;
            default:
                code.Op(tail ? Opcode.ReturnCall : Opcode.Call, function);
                break;
        }
    }

    /// <summary>Leaves an index on the stack, mostly where the function is, and returns the table.</summary>
    int Slot(int function, Chance chance, int depth)
    {
        List<int> tables = [.. Enumerable.Range(0, plan.Tables.Count).Where(table => plan.Tables[table].Element == ValueKind.FuncRef)];
        var chosen = chance.OneIn(8) ? chance.Of(tables) : 0;
        if (plan.Tables[chosen].Wide) code.I64(chance.OneIn(6) ? chance.Below(40) : function);
        else if (chance.OneIn(5)) Masked(15);
        else code.I32(chance.OneIn(20) ? chance.From(-1, 25) : function);
        return chosen;

        void Masked(int mask)
        {
            Value(ValueKind.I32, chance.Child(), depth - 1);
            code.I32(mask).Op(Opcode.I32And);
        }
    }

    /// <summary>Leaves the function for another one that gives the same, under a condition.</summary>
    void TailCall(Chance chance, int depth)
    {
        List<int> functions = [.. Callable().Where(function => plan.SignatureOf(function).Results.AsSpan().SequenceEqual(_labels[0]))];
        if (functions.Count == 0 || !plan.Has(Features.TailCalls)) return;
        When(chance, depth, () => Call(chance.Of(functions), chance, depth, tail: true));
    }

    /// <summary>A value out of code that may throw, or out of its handler.</summary>
    bool TryValue(Ty type, Chance chance, int depth)
    {
        if (!plan.Has(Features.Exceptions)) return false;
        var all = chance.OneIn(3);
        var withReference = chance.OneIn(3);
        var tag = all ? -1 : chance.Below(plan.Tags.Count);
        Ty[] caught = [.. all ? [] : plan.Signature(plan.Tags[tag]).Parameters, .. withReference ? (Ty[])[new(ValueKind.ExnRef, -1, false)] : []];
        var handler = BlockTypeOf(caught);
        if (handler is null) return false;

        code.Op(Opcode.Block).Type(type);
        _labels.Add([type]);
        handler();
        _labels.Add(caught);
        code.Op(Opcode.TryTable).Type(type).Unsigned(1).Byte((all ? 2 : 0) + (withReference ? 1 : 0));
        if (!all) code.Unsigned(tag);
        code.Unsigned(0);
        _labels.Add([type]);
        Statements(chance.Child(), depth - 2);
        if (chance.OneIn(3)) Throw(chance.Child(), depth - 1);
        else Value(type, chance.Child(), depth - 1);
        code.Op(Opcode.End);
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.Br, 1).Op(Opcode.End);
        _labels.RemoveAt(_labels.Count - 1);
        foreach (var value in caught.Reverse())
            if (value.Kind == ValueKind.ExnRef && chance.OneIn(6)) Rethrow(chance, depth);
            else Put(value, chance);
        Value(type, chance.Child(), depth - 1);
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
        return true;
    }

    /// <summary>Throws the exception on the stack again, or drops it.</summary>
    void Rethrow(Chance chance, int depth)
    {
        var exception = NewLocal(ValueKind.ExnRef);
        code.Op(Opcode.LocalSet, exception);
        When(chance, depth, () => code.Op(Opcode.LocalGet, exception).Op(Opcode.ThrowRef));
    }

    void Throw(Chance chance, int depth)
    {
        var tag = chance.Below(plan.Tags.Count);
        Values(plan.Signature(plan.Tags[tag]).Parameters, chance.Child(), Math.Min(depth - 1, 2));
        code.Op(Opcode.Throw, tag);
    }

    void ThrowStatement(Chance chance, int depth)
    {
        if (!plan.Has(Features.Exceptions)) return;
        When(chance, depth, () => Throw(chance.Child(), depth - 1));
    }

    /// <summary>What writes the beginning of a block that gives these values; null when no type of the module says so.</summary>
    Action? BlockTypeOf(Ty[] results)
    {
        if (results.Length == 0) return () => code.Op(Opcode.Block).Byte(0x40);
        if (results is [var only]) return () => code.Op(Opcode.Block).Type(only);
        var index = plan.FunctionTypes.FindIndex(type => plan.Signature(type) is { Parameters: [] } signature && signature.Results.AsSpan().SequenceEqual(results));
        return index < 0 ? null : () => code.Op(Opcode.Block).Signed(plan.FunctionTypes[index]);
    }
}

namespace Allotrope.Wasm.Tests.Differential;

sealed partial class FunctionGenerator
{
    void BlockValue(Ty type, Chance chance, int depth)
    {
        if (chance.OneIn(3) && TypedBlock(type, chance, depth)) return;
        code.Op(Opcode.Block).Type(type);
        Inside([type], chance, depth, type);
    }

    void IfValue(Ty type, Chance chance, int depth)
    {
        Value(ValueKind.I32, chance.Child(), depth - 1);
        code.Op(Opcode.If).Type(type);
        _labels.Add([type]);
        Statements(chance.Child(), depth - 2);
        Value(type, chance.Child(), depth - 1);
        code.Op(Opcode.Else);
        Value(type, chance.Child(), depth - 1);
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
    }

    void LoopValue(Ty type, Chance chance, int depth)
    {
        var counter = BeginCounting(chance);
        code.Op(Opcode.Loop).Type(type);
        _labels.Add([]);
        Spend(1);
        Statements(chance.Child(), depth - 2);
        Again(counter);
        Value(type, chance.Child(), depth - 1);
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
    }

    /// <summary>A block that takes and gives what one of the module's signatures says; what is not wanted of it is dropped.</summary>
    bool TypedBlock(Ty type, Chance chance, int depth)
    {
        List<int> signatures = [.. plan.FunctionTypes.Where(candidate => Wants(plan.Signature(candidate).Results))];
        if (signatures.Count == 0) return false;
        var index = chance.Of(signatures);
        var signature = plan.Signature(index);
        Values(signature.Parameters, chance.Child(), Math.Min(depth - 1, 2));
        var isLoop = chance.OneIn(3);
        code.Op(isLoop ? Opcode.Loop : Opcode.Block).Signed(index);
        _labels.Add(isLoop ? signature.Parameters : signature.Results);
        if (isLoop) Spend(1);
        foreach (var parameter in signature.Parameters.Reverse())
        {
            var local = NewLocal(parameter with { Nullable = true });
            _usable.Add(local);
            code.Op(Opcode.LocalSet, local);
        }
        Statements(chance.Child(), depth - 2);
        Values(signature.Results, chance.Child(), Math.Min(depth - 1, 2));
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
        Keep(signature.Results, type);
        return true;

        bool Wants(Ty[] results) => CanKeep(results, type);
    }

    bool CanKeep(Ty[] results, Ty type) => results.Length > 0 && (plan.Fits(results[0], type) || (type.HasDefault && results.Any(result => plan.Fits(result, type))));

    /// <summary>Leaves one of several results.</summary>
    void Keep(Ty[] results, Ty type)
    {
        var at = Array.FindIndex(results, result => plan.Fits(result, type));
        for (var i = results.Length - 1; i > at; i--) code.Op(Opcode.Drop);
        if (at == 0) return;
        var scratch = Scratch(type);
        code.Op(Opcode.LocalSet, scratch);
        for (var i = 0; i < at; i++) code.Op(Opcode.Drop);
        code.Op(Opcode.LocalGet, scratch);
    }

    /// <summary>Statements and a value as the inside of a block, and its end.</summary>
    void Inside(Ty[] label, Chance chance, int depth, params ReadOnlySpan<Ty> results)
    {
        _labels.Add(label);
        Statements(chance.Child(), depth - 2);
        foreach (var result in results) Value(result, chance.Child(), depth - 1);
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
    }

    void IfStatement(Chance chance, int depth)
    {
        Value(ValueKind.I32, chance.Child(), depth - 1);
        code.Op(Opcode.If).Byte(0x40);
        _labels.Add([]);
        Statements(chance.Child(), depth - 1);
        if (chance.OneIn(2))
        {
            code.Op(Opcode.Else);
            Statements(chance.Child(), depth - 1);
        }
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
    }

    void LoopStatement(Chance chance, int depth)
    {
        var counter = BeginCounting(chance);
        code.Op(Opcode.Loop).Byte(0x40);
        _labels.Add([]);
        Spend(1);
        Statements(chance.Child(), depth - 1);
        Again(counter);
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
    }

    int BeginCounting(Chance chance)
    {
        var counter = NewLocal(ValueKind.I32);
        code.I32(chance.From(1, 12)).Op(Opcode.LocalSet, counter);
        return counter;
    }

    void Again(int counter) =>
        code.Op(Opcode.LocalGet, counter).I32(1).Op(Opcode.I32Sub).Op(Opcode.LocalTee, counter).Op(Opcode.BrIf, 0);

    /// <summary>A branch that may be taken, to any label around.</summary>
    void Branch(Chance chance, int depth)
    {
        var label = chance.Below(_labels.Count);
        var carried = _labels[^(label + 1)];
        if (chance.OneIn(2))
        {
            Values(carried, chance.Child(), Math.Min(depth - 1, 2));
            Value(ValueKind.I32, chance.Child(), depth - 1);
            code.Op(Opcode.BrIf, label);
            foreach (var _ in carried) code.Op(Opcode.Drop);
            return;
        }
        var leaves = label == _labels.Count - 1 && chance.OneIn(2);
        When(chance, depth, () =>
        {
            Values(carried, chance.Child(), Math.Min(depth - 1, 2));
            if (leaves) code.Op(Opcode.Return);
            else code.Op(Opcode.Br, label + 1);
            if (chance.OneIn(3)) DeadCode(chance.Child(), depth - 2);
        });
    }

    /// <summary>Something under a condition.</summary>
    void When(Chance chance, int depth, Action inside)
    {
        Value(ValueKind.I32, chance.Child(), depth - 1);
        code.Op(Opcode.If).Byte(0x40);
        _labels.Add([]);
        inside();
        _labels.RemoveAt(_labels.Count - 1);
        code.Op(Opcode.End);
    }

    /// <summary>A value that a conditional branch may carry away.</summary>
    bool BranchingValue(Ty type, Chance chance, int depth)
    {
        for (var label = 0; label < _labels.Count; label++)
        {
            if (_labels[^(label + 1)] is not [var only] || only != type) continue;
            Value(type, chance.Child(), depth - 1);
            Value(ValueKind.I32, chance.Child(), depth - 1);
            code.Op(Opcode.BrIf, label);
            return true;
        }
        return false;
    }

    /// <summary>What cannot be reached, where the stack has whatever is asked for.</summary>
    void DeadCode(Chance chance, int depth)
    {
        if (chance.OneIn(2)) code.Op(chance.Of((Opcode[])[Opcode.I32Add, Opcode.I64Eqz, Opcode.F32Neg, Opcode.Drop, Opcode.Nop, Opcode.F64PromoteF32])).Op(Opcode.Drop);
        Statement(chance.Child(), depth);
        if (chance.OneIn(3)) code.Op(Opcode.Select).Op(Opcode.Drop);
    }

    /// <summary>Nested blocks with code behind each, and a table that leads to them.</summary>
    void Switch(Chance chance, int depth)
    {
        var cases = chance.OneIn(20) ? chance.From(20, 60) : chance.From(1, 6);
        for (var i = 0; i < cases; i++)
        {
            code.Op(Opcode.Block).Byte(0x40);
            _labels.Add([]);
        }
        Value(ValueKind.I32, chance.Child(), depth - 1);
        if (chance.OneIn(2)) code.I32(7).Op(Opcode.I32And);
        List<int> labels = [.. Enumerable.Range(0, _labels.Count).Where(label => _labels[^(label + 1)].Length == 0)];
        var targets = chance.From(0, cases * 2);
        code.Op(Opcode.BrTable).Unsigned(targets);
        for (var i = 0; i <= targets; i++) code.Unsigned(chance.Of(labels));
        for (var i = 0; i < cases; i++)
        {
            _labels.RemoveAt(_labels.Count - 1);
            code.Op(Opcode.End);
            if (i < 6) Statement(chance.Child(), depth - 1);
        }
    }

    /// <summary>A table of branches that carry a value, which stands for it where none is taken away.</summary>
    void SwitchValue(Ty type, Chance chance, int depth)
    {
        List<int> labels = [0, .. Enumerable.Range(0, _labels.Count).Where(label => _labels[^(label + 1)] is [var only] && only == type).Select(label => label + 1)];
        code.Op(Opcode.Block).Type(type);
        _labels.Add([type]);
        Value(type, chance.Child(), depth - 1);
        Value(ValueKind.I32, chance.Child(), depth - 1);
        _labels.RemoveAt(_labels.Count - 1);
        code.I32(3).Op(Opcode.I32And).Op(Opcode.BrTable).Unsigned(3);
        for (var i = 0; i <= 3; i++) code.Unsigned(chance.OneIn(2) ? 0 : chance.Of(labels));
        code.Op(Opcode.End);
    }
}

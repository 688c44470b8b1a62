namespace Allotrope.Wasm.Tests.Differential;

/// <summary>Writes the code of one function, part by part from the outside in: each knows what type of value it has to give.</summary>
/// <param name="plan">The module.</param>
/// <param name="code">Where the instructions go.</param>
/// <param name="declared">Collects the types of the variables.</param>
/// <param name="parts">Collects what could be left out.</param>
sealed partial class FunctionGenerator(ModulePlan plan, ByteWriter code, List<Ty> declared, List<ulong> parts)
{
    /// <summary>From here on only the simplest is written.</summary>
    const int EnoughBytes = 5_000;

    const int Fuel = 600, FuelOfCall = 6;

    readonly List<Ty> _variables = [];
    readonly List<int> _usable = [];
    readonly Dictionary<Ty, int> _scratch = [];
    readonly List<Ty[]> _labels = [];

    public HashSet<ulong> Omitted { get; init; } = [];

    bool IsEnough => code.Length > EnoughBytes * (1 + plan.Size / 8);

    public void Write(int index, Chance chance)
    {
        var (function, signature) = (plan.Functions[index], plan.SignatureOf(index));
        foreach (var parameter in signature.Parameters)
        {
            _usable.Add(_variables.Count);
            _variables.Add(parameter);
        }
        switch (function.Role)
        {
            case FunctionRole.Entry: Enter(function.Callee, signature, chance); break;
            case FunctionRole.Dump: Dump(); break;
            default: Body(signature, chance); break;
        }
        code.Op(Opcode.End);
    }

    void Body(TypeDef.Function signature, Chance chance)
    {
        for (var i = chance.From(0, 6); i > 0; i--) _usable.Add(NewLocal(plan.AnyType(chance)));
        _labels.Add(signature.Results);
        Spend(FuelOfCall);
        Statements(chance.Child(), 1 + Math.Min(plan.Size, 4));
        Values(signature.Results, chance.Child(), 3);
    }

    /// <summary>What the host calls: gives the callee what it was given and constants, and says what comes back that the host cannot see.</summary>
    void Enter(int callee, TypeDef.Function signature, Chance chance)
    {
        code.I32(Fuel).Op(Opcode.GlobalSet, ModulePlan.FuelGlobal);
        var called = plan.SignatureOf(callee);
        foreach (var wanted in called.Parameters)
        {
            var given = Array.FindIndex(signature.Parameters, type => type == wanted);
            if (given >= 0 && !chance.OneIn(5)) code.Op(Opcode.LocalGet, given);
            else Constant(wanted, chance.Child());
        }
        code.Op(Opcode.Call, callee);
        var results = called.Results.Select(type => NewLocal(type with { Nullable = true })).ToArray();
        foreach (var result in results.Reverse()) code.Op(Opcode.LocalSet, result);
        foreach (var result in results.Where(result => !_variables[result].IsNumber))
        {
            code.Op(Opcode.LocalGet, result);
            Say(_variables[result]);
        }
        if (signature.Results.Length > 0)
            foreach (var result in results.Where(result => _variables[result].IsNumber)) code.Op(Opcode.LocalGet, result);
    }

    /// <summary>Says all that the host cannot see.</summary>
    void Dump()
    {
        for (var i = 1; i < plan.Globals.Count; i++)
        {
            code.Op(Opcode.GlobalGet, i);
            Say(plan.Globals[i].Type);
        }
        for (var i = 0; i < plan.Tables.Count; i++)
            for (var element = 0; element < 3; element++)
            {
                Size(element + 1);
                code.Op(plan.Tables[i].Wide ? Opcode.I64GeU : Opcode.I32GeU).Op(Opcode.If).Byte(0x40);
                if (plan.Tables[i].Wide) code.I64(element);
                else code.I32(element);
                code.Op(Opcode.TableGet, i);
                Say(plan.Tables[i].Element);
                code.Op(Opcode.End);

                void Size(int least)
                {
                    code.Op(Opcode.TableSize, i);
                    if (plan.Tables[i].Wide) code.I64(least);
                    else code.I32(least);
                }
            }
    }

    /// <summary>Tells the host the value on the stack, or as much of it as can be seen.</summary>
    void Say(Ty type)
    {
        switch (type.Kind)
        {
            case ValueKind.I32:
                code.Op(Opcode.Call, ModulePlan.SayI32);
                break;
            case ValueKind.I64:
                code.Op(Opcode.Call, ModulePlan.SayI64);
                break;
            case ValueKind.F32:
                Canonicalise(type);
                code.Op(Opcode.I32ReinterpretF32).Op(Opcode.Call, ModulePlan.SayI32);
                break;
            case ValueKind.F64:
                Canonicalise(type);
                code.Op(Opcode.I64ReinterpretF64).Op(Opcode.Call, ModulePlan.SayI64);
                break;
            case ValueKind.V128:
                var vector = Scratch(type);
                code.Op(Opcode.LocalTee, vector).Op(VectorOpcode.I64x2ExtractLane).Byte(0).Op(Opcode.Call, ModulePlan.SayI64);
                code.Op(Opcode.LocalGet, vector).Op(VectorOpcode.I64x2ExtractLane).Byte(1).Op(Opcode.Call, ModulePlan.SayI64);
                break;
            default:
                code.Op(Opcode.RefIsNull).Op(Opcode.Call, ModulePlan.SayI32);
                break;
        }
    }

    /// <summary>Makes the float on the stack the canonical NaN if it is any.</summary>
    void Canonicalise(Ty type)
    {
        var scratch = Scratch(type);
        code.Op(Opcode.LocalTee, scratch);
        if (type.Kind == ValueKind.F32) code.Op(Opcode.F32Const).Bytes([0, 0, 0xc0, 0x7f]);
        else code.Op(Opcode.F64Const).Bytes([0, 0, 0, 0, 0, 0, 0xf8, 0x7f]);
        code.Op(Opcode.LocalGet, scratch).Op(Opcode.LocalGet, scratch).Op(type.Kind == ValueKind.F32 ? Opcode.F32Eq : Opcode.F64Eq).Op(Opcode.Select);
    }

    /// <summary>The same for the lanes of a vector.</summary>
    void CanonicaliseLanes(bool doubles)
    {
        var scratch = Scratch(ValueKind.V128);
        byte[] nan = doubles ? [0, 0, 0, 0, 0, 0, 0xf8, 0x7f] : [0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f];
        code.Op(Opcode.LocalTee, scratch).Op(VectorOpcode.V128Const).Bytes([.. nan, .. nan]).Op(Opcode.LocalGet, scratch).Op(Opcode.LocalGet, scratch)
            .Op(doubles ? VectorOpcode.F64x2Eq : VectorOpcode.F32x4Eq).Op(VectorOpcode.V128Bitselect);
    }

    /// <summary>Counts down what ends every program.</summary>
    void Spend(int fuel)
    {
        code.Op(Opcode.GlobalGet, ModulePlan.FuelGlobal).I32(fuel).Op(Opcode.I32Sub).Op(Opcode.GlobalSet, ModulePlan.FuelGlobal);
        code.Op(Opcode.GlobalGet, ModulePlan.FuelGlobal).I32(0).Op(Opcode.I32LtS).Op(Opcode.If).Byte(0x40).Op(Opcode.Unreachable).Op(Opcode.End);
    }

    /// <summary>Notes a part that may be left out; false when it is.</summary>
    bool Wanted(Chance chance)
    {
        if (Omitted.Contains(chance.Id)) return false;
        parts.Add(chance.Id);
        return true;
    }

    int NewLocal(Ty type)
    {
        declared.Add(type);
        _variables.Add(type);
        return _variables.Count - 1;
    }

    /// <summary>A variable that holds a value for a few instructions.</summary>
    int Scratch(Ty type) => _scratch.TryGetValue(type, out var local) ? local : _scratch[type] = NewLocal(type);
}

namespace Allotrope.Wasm.Tests.Differential;

sealed partial class FunctionGenerator
{
    void Values(IEnumerable<Ty> types, Chance chance, int depth)
    {
        foreach (var type in types) Value(type, chance.Child(), depth);
    }

    /// <summary>Leaves a value of the type on the stack.</summary>
    /// <param name="type">What is wanted.</param>
    /// <param name="chance">Decides.</param>
    /// <param name="depth">How deeply parts may nest from here.</param>
    /// <param name="open">Whether NaNs in lanes may have any payload.</param>
    void Value(Ty type, Chance chance, int depth, bool open = false)
    {
        if (depth <= 0 || IsEnough || !Wanted(chance))
        {
            Leaf(type, chance);
            return;
        }
        switch (chance.Below(24))
        {
            case 0 or 1: Leaf(type, chance); return;
            case 2: BlockValue(type, chance, depth); return;
            case 3: IfValue(type, chance, depth); return;
            case 4: LoopValue(type, chance, depth); return;
            case 5: SelectValue(type, chance, depth); return;
            case 6: if (CallFor(type, chance, depth)) return; break;
            case 7: if (BranchingValue(type, chance, depth)) return; break;
            case 8: if (FieldOf(type, chance, depth)) return; break;
            case 9: if (TryValue(type, chance, depth)) return; break;
            case 10: TeeValue(type, chance, depth); return;
        }
        if (type.IsReference) Reference(type, chance, depth);
        else Number(type, chance, depth, open);
    }

    void Leaf(Ty type, Chance chance)
    {
        var roll = chance.Below(6);
        if (roll < 3)
        {
            List<int> locals = [.. _usable.Where(local => plan.Fits(_variables[local], type))];
            if (locals.Count > 0)
            {
                code.Op(Opcode.LocalGet, chance.Of(locals));
                return;
            }
        }
        if (roll == 3)
        {
            List<int> globals = [.. Enumerable.Range(1, plan.Globals.Count - 1).Where(global => plan.Fits(plan.Globals[global].Type, type))];
            if (globals.Count > 0)
            {
                code.Op(Opcode.GlobalGet, chance.Of(globals));
                return;
            }
        }
        Constant(type, chance);
    }

    /// <summary>A value that needs nothing and may stand in constant expressions.</summary>
    public void Constant(Ty type, Chance chance)
    {
        switch (type.Kind)
        {
            case ValueKind.I32: code.I32((int)Numbers.Integer(chance)); break;
            case ValueKind.I64: code.I64(Numbers.Integer(chance)); break;
            case ValueKind.F32: code.Op(Opcode.F32Const).Bytes(BitConverter.GetBytes((uint)Numbers.Bits(type.Kind, chance))); break;
            case ValueKind.F64: code.Op(Opcode.F64Const).Bytes(BitConverter.GetBytes(Numbers.Bits(type.Kind, chance))); break;
            case ValueKind.V128: code.Op(VectorOpcode.V128Const).Bytes(Vector(chance)); break;
            default: ConstantReference(type, chance); break;
        }
    }

    static byte[] Vector(Chance chance) => chance.Below(4) switch
    {
        0 => [.. BitConverter.GetBytes(chance.Bits()), .. BitConverter.GetBytes(chance.Bits())],
        1 => [.. BitConverter.GetBytes(Numbers.Bits(ValueKind.F64, chance)), .. BitConverter.GetBytes(Numbers.Bits(ValueKind.F64, chance))],
        2 => [.. Enumerable.Range(0, 4).SelectMany(_ => BitConverter.GetBytes((uint)Numbers.Bits(ValueKind.F32, chance)))],
        _ => [.. Enumerable.Range(0, 4).SelectMany(_ => BitConverter.GetBytes((int)Numbers.Integer(chance)))],
    };

    void Number(Ty type, Chance chance, int depth, bool open)
    {
        switch (chance.Below(12))
        {
            case 0 or 1:
                Load(Operations.Load(type.Kind, chance), chance, depth);
                break;
            case 2 when type.Kind == ValueKind.I32:
                Question(chance, depth);
                break;
            case 3 when type.Kind is ValueKind.I32 or ValueKind.I64 && plan.Has(Features.Atomics) && chance.OneIn(2):
                Atomic(Operations.Atomic(type.Kind, chance), chance, depth);
                break;
            case 4 when type.Kind is ValueKind.F32 or ValueKind.F64 && chance.OneIn(2):
                ExactFloat(type, chance, depth);
                break;
            default:
                Operation(Operations.Compute(type.Kind, chance), chance, depth, open);
                break;
        }
    }

    /// <summary>An instruction that only computes, with its operands.</summary>
    void Operation(Opcode op, Chance chance, int depth, bool open)
    {
        var parameters = Signatures.Of(op)!.Parameters;
        var takesOpen = Operations.TakesOpenNan(op);
        for (var i = 0; i < parameters.Length; i++)
        {
            var type = (Ty)parameters[i].Kind;
            if (Operations.Observes(op, i) && chance.OneIn(4))
            {
                ExactFloat(type, chance.Child(), depth - 1);
                continue;
            }
            if (Operations.MayFailToConvert(op) && !chance.OneIn(6))
            {
                InRange(type.Kind == ValueKind.F32, chance);
                continue;
            }
            Value(type, chance.Child(), depth - 1, takesOpen && OpenAs(op));
            if (Operations.Observes(op, i)) Canonicalise(type);
            if (i == 1 && Operations.Divides(op) && !chance.OneIn(5))
            {
                if (type.Kind == ValueKind.I32) code.I32(chance.From(1, 9)).Op(Opcode.I32Or);
                else code.I64(chance.From(1, 9)).Op(Opcode.I64Or);
            }
        }
        code.Op(op);
        if ((VectorOpcode)op == VectorOpcode.I8x16Shuffle)
            for (var i = 0; i < 16; i++) code.Byte(chance.Below(32));
        else if (op >= VectorSignatures.First && VectorSignatures.Lanes((VectorOpcode)op) is > 0 and var lanes)
            code.Byte(chance.Below(lanes));
        if (Operations.LeavesNanOpen(op) && (!open || Operations.GivesDoubles(op) || chance.OneIn(3))) CanonicaliseLanes(Operations.GivesDoubles(op));
    }

    /// <summary>What is open as lanes of one width must not be read as lanes of the other; so it is never left open where the two could meet.</summary>
    static bool OpenAs(Opcode op) => !Operations.TakesDoubles(op) && !Operations.GivesDoubles(op);

    /// <summary>A float in the range of all integers.</summary>
    void InRange(bool single, Chance chance)
    {
        var value = chance.From(0, 4_000) / 8.0;
        if (single) code.Op(Opcode.F32Const).Bytes(BitConverter.GetBytes((float)value));
        else code.Op(Opcode.F64Const).Bytes(BitConverter.GetBytes(value));
    }

    /// <summary>A float all of whose bits the specification determines, a signalling NaN perhaps.</summary>
    void ExactFloat(Ty type, Chance chance, int depth)
    {
        var single = type.Kind == ValueKind.F32;
        switch (depth > 0 ? chance.Below(7) : 0)
        {
            case 0 or 1:
                if (single) code.Op(Opcode.F32Const).Bytes(BitConverter.GetBytes((uint)chance.Bits() | (chance.OneIn(2) ? 0x7f80_0000u : 0)));
                else code.Op(Opcode.F64Const).Bytes(BitConverter.GetBytes(chance.Bits() | (chance.OneIn(2) ? 0x7ff0_0000_0000_0000u : 0)));
                break;
            case 2:
                Load(single ? Opcode.F32Load : Opcode.F64Load, chance, depth);
                break;
            case 3:
                Value(single ? ValueKind.I32 : ValueKind.I64, chance.Child(), depth - 1);
                code.Op(single ? Opcode.F32ReinterpretI32 : Opcode.F64ReinterpretI64);
                break;
            case 4:
                ExactFloat(type, chance.Child(), depth - 1);
                code.Op(chance.OneIn(2) ? (single ? Opcode.F32Neg : Opcode.F64Neg) : single ? Opcode.F32Abs : Opcode.F64Abs);
                break;
            case 5:
                ExactFloat(type, chance.Child(), depth - 1);
                ExactFloat(type, chance.Child(), depth - 1);
                code.Op(single ? Opcode.F32Copysign : Opcode.F64Copysign);
                break;
            default:
                ExactFloat(type, chance.Child(), depth - 1);
                ExactFloat(type, chance.Child(), depth - 1);
                Value(ValueKind.I32, chance.Child(), depth - 1);
                code.Op(Opcode.Select);
                break;
        }
    }

    /// <summary>What the host answers.</summary>
    void Question(Chance chance, int depth)
    {
        Value(ValueKind.I32, chance.Child(), depth - 1);
        code.Op(Opcode.Call, ModulePlan.Ask);
    }

    void SelectValue(Ty type, Chance chance, int depth)
    {
        Value(type, chance.Child(), depth - 1);
        Value(type, chance.Child(), depth - 1);
        Value(ValueKind.I32, chance.Child(), depth - 1);
        if (type.IsReference || chance.OneIn(4)) code.Op(Opcode.SelectTyped).Byte(1).Type(type);
        else code.Op(Opcode.Select);
    }

    void TeeValue(Ty type, Chance chance, int depth)
    {
        List<int> locals = [.. _usable.Where(local => _variables[local] == type)];
        Value(type, chance.Child(), depth - 1);
        if (locals.Count > 0) code.Op(Opcode.LocalTee, chance.Of(locals));
    }
}

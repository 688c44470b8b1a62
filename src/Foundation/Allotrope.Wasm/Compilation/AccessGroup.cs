namespace Allotrope.Wasm;

/// <summary>
/// Looks ahead for accesses by the same unchanged local, so that one check of the furthest does for all. They belong together as long as nobody could
/// see that the trap comes early: up to the first store, and to whatever else has effects, branches or traps for another reason.
/// </summary>
sealed class AccessGroup(ModuleImage image)
{
    /// <summary>Instructions that are looked at; each check does this.</summary>
    const int Furthest = 40;

    /// <summary>An operand that is not a local.</summary>
    const int Other = -1;

    /// <summary>Locals that operands stand for, of those that the group has pushed.</summary>
    readonly List<int> _operands = [];

    int _local;
    int _memory;
    ulong _end;

    /// <summary>Whether it is a load, which nobody sees when a later access traps.</summary>
    internal static bool CanBeginWith(Opcode access) => access < AtomicSignatures.First && Signatures.Of(access)!.Results.Length > 0;

    /// <summary>Where the furthest access of the group ends, relative to the local.</summary>
    /// <param name="from">Where the instruction after the first access begins.</param>
    /// <param name="to">Where the function ends.</param>
    /// <param name="local">What the first access goes by.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="end">Where the first access ends.</param>
    internal ulong EndOf(int from, int to, int local, int memory, ulong end)
    {
        (_local, _memory, _end) = (local, memory, end);
        _operands.Clear();
        var reader = new InstructionReader(image, from, to);
        for (var i = 0; i < Furthest && !reader.AtEnd; i++)
        {
            if (!Take(reader.Next()))
                break;
        }

        return _end;
    }

    /// <summary>False when the group ends with, or before, this instruction.</summary>
    bool Take(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.LocalGet:
                _operands.Add(instruction.Index);
                return true;
            case Opcode.LocalSet or Opcode.LocalTee:
                Pop(1);
                if (instruction.Opcode == Opcode.LocalTee)
                    _operands.Add(instruction.Index);
                return instruction.Index != _local;
            case Opcode.GlobalGet or (Opcode)VectorOpcode.V128Const:
                _operands.Add(Other);
                return true;
            case Opcode.Drop:
                Pop(1);
                return true;
            case Opcode.Select or Opcode.SelectTyped:
                Pop(3);
                _operands.Add(Other);
                return true;
            default:
                return IsHarmless(instruction.Opcode) && Signatures.Of(instruction.Opcode) is { } signature && Take(instruction, signature);
        }
    }

    bool Take(in Instruction instruction, FunctionType signature)
    {
        var deepest = Pop(signature.Parameters.Length);
        for (var i = 0; i < signature.Results.Length; i++)
            _operands.Add(Other);
        if (!IsAccess(instruction.Opcode))
            return true;
        var offset = (ulong)instruction.Bits;
        if (deepest == _local && instruction.Index == _memory && offset <= Memory.MostBytes)
            _end = Math.Max(_end, offset + (1UL << Signatures.AccessWidth(instruction.Opcode)));
        return signature.Results.Length > 0; // a store is the last
    }

    /// <summary>Gives the one that was deepest.</summary>
    int Pop(int count)
    {
        var deepest = _operands.Count < count || count == 0 ? Other : _operands[^count];
        _operands.RemoveRange(Math.Max(0, _operands.Count - count), Math.Min(count, _operands.Count));
        return deepest;
    }

    static bool IsAccess(Opcode opcode) =>
        opcode is >= Opcode.I32Load and <= Opcode.I64Store32 || (opcode >= VectorSignatures.First && VectorSignatures.IsAccess((VectorOpcode)opcode));

    /// <summary>Loads and stores, and what neither traps nor touches anything but operands.</summary>
    static bool IsHarmless(Opcode opcode) => opcode switch
    {
        >= Opcode.I32DivS and <= Opcode.I32RemU or >= Opcode.I64DivS and <= Opcode.I64RemU => false,
        >= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U or >= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U => false,
        Opcode.MemorySize or Opcode.MemoryGrow => false,
        >= Opcode.I32Load and <= Opcode.I64Extend32S => true,
        >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U => true,
        _ => opcode is >= VectorSignatures.First and < AtomicSignatures.First,
    };
}

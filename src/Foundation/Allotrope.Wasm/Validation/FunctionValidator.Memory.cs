namespace Allotrope.Wasm;

/// <content>Memories: which one, how it is addressed, and what an access may promise.</content>
sealed partial class FunctionValidator
{
    /// <summary>Exponents of alignments have five bits, and one more that names a memory.</summary>
    const int MalformedAlignment = 32;

    /// <summary>The local that this instruction pushes, and the one that the instruction before it has; -1 for none.</summary>
    int _pushed = -1, _pushedBefore = -1;

    /// <returns>The type of the addresses of the memory that the instruction names; null when it has nothing to do with one.</returns>
    ValueKind? CheckAccess(in Instruction instruction)
    {
        if (instruction.Opcode == AtomicSignatures.Fence)
            return null;
        if (instruction.Opcode is >= VectorSignatures.First and < AtomicSignatures.First)
        {
            CheckLanes(instruction);
            _facts.VectorInstructions++;
            if (!VectorSignatures.IsAccess(instruction.Vector))
                return null;
        }
        else if (instruction.Opcode is < Opcode.I32Load or (> Opcode.MemoryGrow and < AtomicSignatures.First))
        {
            return null;
        }

        var address = Memory(instruction.Index, instruction.ByteOffset);
        if (instruction.Opcode is Opcode.MemorySize or Opcode.MemoryGrow)
            return address;
        if (instruction.Alignment > Signatures.AccessWidth(instruction.Opcode))
        {
            throw instruction.Alignment < MalformedAlignment
                ? new InvalidModuleException("alignment must not be larger than natural", instruction.ByteOffset)
                : new InvalidModuleException("malformed memop flags", instruction.ByteOffset);
        }

        if (instruction.Opcode >= AtomicSignatures.First && instruction.Alignment != Signatures.AccessWidth(instruction.Opcode))
            throw new InvalidModuleException("atomic alignment must be natural", instruction.ByteOffset);
        if (address == ValueKind.I32 && (ulong)instruction.Bits > uint.MaxValue)
            throw new InvalidModuleException("offset out of range", instruction.ByteOffset);
        return address;
    }

    /// <summary>The signature is that for 32-bit addresses: the first operand, and sizes, are of the memory's type of addresses.</summary>
    void ApplyAccess(in Instruction instruction, FunctionType signature, ValueKind address)
    {
        var at = instruction.ByteOffset;
        if (_pushedBefore is >= 0 and < 64 && signature.Parameters.Length == 1)
            _facts.Addresses |= 1UL << _pushedBefore;
        if (instruction.Opcode == Opcode.MemorySize)
        {
            _operands.Push(address);
            return;
        }

        _operands.Pop(signature.Parameters.AsSpan(1..), at);
        _operands.Pop(address, at);
        if (instruction.Opcode == Opcode.MemoryGrow)
            _operands.Push(address);
        else
            _operands.Push(signature.Results.AsSpan());
    }

    void CheckBulk(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.MemoryInit:
                var initialised = Memory(instruction.Second, at);
                Data(instruction);
                Pop3(initialised, ValueKind.I32, ValueKind.I32, at);
                break;
            case Opcode.MemoryCopy:
                var (target, source) = (Memory(instruction.Index, at), Memory(instruction.Second, at));
                Pop3(target, source, Narrower(target, source), at);
                break;
            default:
                var filled = Memory(instruction.Index, at);
                Pop3(filled, ValueKind.I32, filled, at);
                break;
        }
    }

    void Pop3(ValueKind first, ValueKind second, ValueKind third, int at)
    {
        _operands.Pop(third, at);
        _operands.Pop(second, at);
        _operands.Pop(first, at);
    }

    static ValueKind Narrower(ValueKind one, ValueKind other) => one == ValueKind.I32 ? one : other;

    /// <summary>Notes that a memory is used and gives the type of its addresses.</summary>
    ValueKind Memory(int index, int at)
    {
        _facts.Memories |= 1UL << Known(index, image.Memories.Count, "memory", at);
        return image.Memories[index].Limits.Address;
    }
}

namespace Allotrope.Wasm.Tests.Differential;

sealed partial class FunctionGenerator
{
    const int NamesMemory = 0x40;

    void Load(Opcode op, Chance chance, int depth)
    {
        var memory = chance.Below(plan.Memories.Count);
        var offset = Address(memory, chance, depth);
        Access(op, memory, offset, chance);
    }

    void Store(Chance chance, int depth)
    {
        var op = Operations.Store(chance);
        var memory = chance.Below(plan.Memories.Count);
        var offset = Address(memory, chance, depth);
        var type = (Ty)Signatures.Of(op)!.Parameters[1].Kind;
        if (type.Kind is ValueKind.F32 or ValueKind.F64)
        {
            if (chance.OneIn(3))
            {
                ExactFloat(type, chance.Child(), depth - 1);
            }
            else
            {
                Value(type, chance.Child(), depth - 1);
                Canonicalise(type);
            }
        }
        else
        {
            Value(type, chance.Child(), depth - 1);
        }
        Access(op, memory, offset, chance);
    }

    /// <summary>Several accesses from the same base, whose checks an engine may merge.</summary>
    void Neighbours(Chance chance, int depth)
    {
        var memory = chance.Below(plan.Memories.Count);
        var wide = plan.Memories[memory].Wide;
        var address = NewLocal(wide ? ValueKind.I64 : ValueKind.I32);
        var offset = Address(memory, chance, depth);
        code.Op(Opcode.LocalSet, address);
        for (var i = chance.From(2, 6); i > 0; i--)
        {
            code.Op(Opcode.LocalGet, address);
            var there = Math.Min(offset + (ulong)chance.From(0, 64), wide ? ulong.MaxValue : uint.MaxValue);
            if (chance.OneIn(2))
            {
                var op = Operations.Load(ValueKind.I32, chance);
                Access(op, memory, there, chance);
                code.Op(Opcode.Call, ModulePlan.SayI32);
            }
            else
            {
                code.I64((long)chance.Bits());
                Access(chance.Of((Opcode[])[Opcode.I64Store, Opcode.I64Store8, Opcode.I64Store16, Opcode.I64Store32]), memory, there, chance);
            }
            if (chance.OneIn(6)) Statement(chance.Child(), depth - 2);
            if (!chance.OneIn(5)) continue;
            code.Op(Opcode.LocalGet, address);
            if (wide) code.I64(chance.From(-8, 8)).Op(Opcode.I64Add);
            else code.I32(chance.From(-8, 8)).Op(Opcode.I32Add);
            code.Op(Opcode.LocalSet, address);
        }
    }

    void Atomic(Opcode op, Chance chance, int depth)
    {
        var memory = chance.Below(plan.Memories.Count);
        var width = Signatures.AccessWidth(op);
        var offset = Address(memory, chance, depth);
        if (!chance.OneIn(12))
        {
            var mask = 0xFFFF & ~((1 << width) - 1);
            if (plan.Memories[memory].Wide) code.I64(mask).Op(Opcode.I64And);
            else code.I32(mask).Op(Opcode.I32And);
            offset &= ~((1UL << width) - 1);
        }
        foreach (var parameter in Signatures.Of(op)!.Parameters.Skip(1)) Value(parameter.Kind, chance.Child(), depth - 1);
        Access(op, memory, offset, chance, width);
    }

    /// <summary>Leaves an address on the stack, mostly inside the memory or near its end, and returns the offset to go with it.</summary>
    ulong Address(int memory, Chance chance, int depth)
    {
        var (wide, end) = (plan.Memories[memory].Wide, plan.Memories[memory].Minimum * Memory.PageBytes);
        switch (chance.Below(16))
        {
            case 0:
                var offset = chance.From(0, 20);
                Constant(end - offset - chance.From(-2, 24));
                return (ulong)offset;
            case 1:
                Constant(chance.From(0, 64));
                return (ulong)Math.Max(0, end - chance.From(0, 96));
            case 2 when chance.OneIn(2):
                Value(wide ? ValueKind.I64 : ValueKind.I32, chance.Child(), depth - 1);
                return (ulong)chance.From(0, 40);
            case 3 when chance.OneIn(4):
                Constant(chance.From(-20, 20));
                return wide ? chance.Bits() >> chance.Below(40) : uint.MaxValue - (uint)chance.Below(40);
            case 4 or 5:
                Constant(chance.From(0, 4_000));
                return (ulong)chance.From(0, 200);
            default:
                Value(wide ? ValueKind.I64 : ValueKind.I32, chance.Child(), depth - 1);
                if (wide) code.I64(0xFFF).Op(Opcode.I64And);
                else code.I32(0xFFF).Op(Opcode.I32And);
                return (ulong)(chance.OneIn(3) ? chance.Below(60_000) : chance.Below(64));
        }

        void Constant(int value)
        {
            if (wide) code.I64(value);
            else code.I32(value);
        }
    }

    void Access(Opcode op, int memory, ulong offset, Chance chance, int? alignment = null)
    {
        var align = alignment ?? chance.From(0, Signatures.AccessWidth(op));
        code.Op(op);
        if (memory == 0) code.Byte(align);
        else code.Byte(align | NamesMemory).Unsigned(memory);
        code.Unsigned(offset);
        if (op >= VectorSignatures.First && op <= VectorSignatures.Last && VectorSignatures.IsLaneAccess((VectorOpcode)op))
            code.Byte(chance.Below(VectorSignatures.Lanes((VectorOpcode)op)));
    }

    /// <summary>Filling, copying, initialising and growing.</summary>
    void Bulk(Chance chance, int depth)
    {
        var memory = chance.Below(plan.Memories.Count);
        var kind = plan.Memories[memory].Wide ? ValueKind.I64 : ValueKind.I32;
        switch (chance.Below(plan.Data.Count > 0 ? 6 : 3))
        {
            case 0:
                Place(kind);
                Value(ValueKind.I32, chance.Child(), depth - 1);
                Length(kind);
                code.Op(Opcode.MemoryFill).Unsigned(memory);
                break;
            case 1:
                var from = chance.Below(plan.Memories.Count);
                var other = plan.Memories[from].Wide ? ValueKind.I64 : ValueKind.I32;
                Place(kind);
                Place(other);
                Length(kind == ValueKind.I64 && other == ValueKind.I64 ? ValueKind.I64 : ValueKind.I32);
                code.Op(Opcode.MemoryCopy).Unsigned(memory).Unsigned(from);
                break;
            case 2:
                if (chance.OneIn(3)) Value(kind, chance.Child(), depth - 1);
                else if (kind == ValueKind.I64) code.I64(chance.From(0, 2));
                else code.I32(chance.From(0, 2));
                code.Op(Opcode.MemoryGrow).Unsigned(memory);
                if (kind == ValueKind.I64) code.Op(Opcode.I32WrapI64);
                code.Op(Opcode.Call, ModulePlan.SayI32);
                break;
            case 3:
                code.Op(Opcode.DataDrop, chance.Below(plan.Data.Count));
                break;
            default:
                Place(kind);
                code.I32(chance.From(0, 12));
                code.I32(chance.From(0, 30));
                code.Op(Opcode.MemoryInit, chance.Below(plan.Data.Count)).Unsigned(memory);
                break;
        }

        void Place(ValueKind of)
        {
            if (chance.OneIn(8))
            {
                Value(of, chance.Child(), depth - 1);
                return;
            }
            var value = chance.OneIn(8) ? Memory.PageBytes - chance.From(0, 300) : chance.Below(9_000);
            if (of == ValueKind.I64) code.I64(value);
            else code.I32(value);
        }

        void Length(ValueKind of)
        {
            if (chance.OneIn(8))
            {
                Value(of, chance.Child(), depth - 1);
                return;
            }
            var value = chance.OneIn(3) ? chance.Below(3_000) : chance.Below(40);
            if (of == ValueKind.I64) code.I64(value);
            else code.I32(value);
        }
    }
}

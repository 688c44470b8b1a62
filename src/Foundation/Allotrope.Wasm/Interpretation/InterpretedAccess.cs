using System.Numerics;

namespace Allotrope.Wasm;

/// <summary>Accesses to other memories than the first, or by 64-bit addresses, and atomic ones.</summary>
static unsafe class InterpretedAccess
{
    /// <summary>The machine's address of an access whose own address is the first operand.</summary>
    /// <exception cref="Trap">It is not wholly inside.</exception>
    internal static byte* Address(in Instruction instruction, Instance instance, long* operands)
    {
        var memory = instance.Memories[instruction.Index];
        var address = memory.Limits.IsWide ? (ulong)*operands : *(uint*)operands;
        var (length, offset, width) = (memory.ByteLength, (ulong)instruction.Bits, 1UL << Signatures.AccessWidth(instruction.Opcode));
        if (offset > length || width > length - offset || address > length - offset - width)
            throw new Trap(TrapKind.MemoryOutOfBounds);
        return (byte*)memory.Base + address + offset;
    }

    internal static void Do(in Instruction instruction, Instance instance, long* operands, long* result)
    {
        var at = Address(instruction, instance, operands);
        var value = operands + 1;
        switch (instruction.Opcode)
        {
            case Opcode.I32Load or Opcode.F32Load: *(int*)result = *(int*)at; break;
            case Opcode.I64Load or Opcode.F64Load: *result = *(long*)at; break;
            case Opcode.I32Load8S: *(int*)result = *(sbyte*)at; break;
            case Opcode.I32Load8U: *(int*)result = *at; break;
            case Opcode.I32Load16S: *(int*)result = *(short*)at; break;
            case Opcode.I32Load16U: *(int*)result = *(ushort*)at; break;
            case Opcode.I64Load8S: *result = *(sbyte*)at; break;
            case Opcode.I64Load8U: *result = *at; break;
            case Opcode.I64Load16S: *result = *(short*)at; break;
            case Opcode.I64Load16U: *result = *(ushort*)at; break;
            case Opcode.I64Load32S: *result = *(int*)at; break;
            case Opcode.I64Load32U: *result = *(uint*)at; break;
            case Opcode.I32Store or Opcode.F32Store or Opcode.I64Store32: *(int*)at = *(int*)value; break;
            case Opcode.I64Store or Opcode.F64Store: *(long*)at = *value; break;
            case Opcode.I32Store8 or Opcode.I64Store8: *at = *(byte*)value; break;
            default: *(short*)at = *(short*)value; break;
        }
    }

    internal static void Atomic(in Instruction instruction, Instance instance, long* operands, long* result)
    {
        if (instruction.Opcode == AtomicSignatures.Fence)
        {
            Interlocked.MemoryBarrier();
            return;
        }

        var at = (nint)Address(instruction, instance, operands);
        if ((at & ((1 << Signatures.AccessWidth(instruction.Opcode)) - 1)) != 0)
            throw new Trap(TrapKind.UnalignedAtomic);
        switch (instruction.Opcode)
        {
            case AtomicSignatures.Notify: *(int*)result = Atomics.Notify(at, (int)operands[1], instruction.Index, instance); return;
            case AtomicSignatures.Wait32: *(int*)result = Atomics.Wait32(at, (int)operands[1], operands[2], instruction.Index, instance); return;
            case AtomicSignatures.Wait64: *(int*)result = Atomics.Wait64(at, operands[1], operands[2], instruction.Index, instance); return;
        }

        var cell = AtomicSignatures.CellOf(instruction.Opcode);
        var method = AtomicSignatures.MethodOf(instruction.Opcode);
        var (first, second) = (operands[1], operands[2]);
        var before = cell == typeof(int) ? Cell<int>(method, at, first, second)
            : cell == typeof(long) ? Cell<long>(method, at, first, second)
            : cell == typeof(byte) ? Cell<byte>(method, at, first, second)
            : cell == typeof(ushort) ? Cell<ushort>(method, at, first, second)
            : Cell<uint>(method, at, first, second);
        if (method == nameof(AtomicCell.Store))
            return;
        if (Signatures.Of(instruction.Opcode)!.Results[0].Kind == ValueKind.I32)
            *(int*)result = (int)before;
        else
            *result = before;
    }

    /// <summary>Operands are narrowed to what is in the memory, and the result is widened without a sign.</summary>
    static long Cell<T>(string method, nint at, long first, long second)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (value, replacement) = (T.CreateTruncating(first), T.CreateTruncating(second));
        switch (method)
        {
            case nameof(AtomicCell.Load): return long.CreateTruncating(AtomicCell.Load<T>(at));
            case nameof(AtomicCell.Store):
                AtomicCell.Store(at, value);
                return 0;
            case nameof(AtomicCell.Add): return long.CreateTruncating(AtomicCell.Add(at, value));
            case nameof(AtomicCell.Subtract): return long.CreateTruncating(AtomicCell.Subtract(at, value));
            case nameof(AtomicCell.And): return long.CreateTruncating(AtomicCell.And(at, value));
            case nameof(AtomicCell.Or): return long.CreateTruncating(AtomicCell.Or(at, value));
            case nameof(AtomicCell.Xor): return long.CreateTruncating(AtomicCell.Xor(at, value));
            case nameof(AtomicCell.Exchange): return long.CreateTruncating(AtomicCell.Exchange(at, value));
            default: return long.CreateTruncating(AtomicCell.CompareExchange(at, value, replacement));
        }
    }
}

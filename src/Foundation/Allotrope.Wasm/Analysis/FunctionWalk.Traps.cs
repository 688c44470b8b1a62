namespace Allotrope.Wasm;

/// <content>How an instruction may trap, unless what is known of its operands shows that it does not.</content>
sealed partial class FunctionWalk
{
    void NoteTraps(in Instruction instruction)
    {
        foreach (var kind in TrapsOf(instruction))
            _seen = _seen with { Traps = _seen.Traps | 1u << (int)kind };
    }

    ReadOnlySpan<TrapKind> TrapsOf(in Instruction instruction) => instruction.Opcode switch
    {
        Opcode.Unreachable => [TrapKind.Unreachable],
        Opcode.I32DivU or Opcode.I32RemU or Opcode.I64DivU or Opcode.I64RemU or Opcode.I32RemS or Opcode.I64RemS =>
            Peek().Low > 0 ? [] : [TrapKind.IntegerDivideByZero],
        Opcode.I32DivS => TrapsOfDivision(uint.MaxValue),
        Opcode.I64DivS => TrapsOfDivision(ulong.MaxValue),
        (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U) or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U) =>
            [TrapKind.InvalidConversionToInteger, TrapKind.IntegerOverflow],
        Opcode.Call or Opcode.ReturnCall => [TrapKind.StackExhausted],
        Opcode.CallRef or Opcode.ReturnCallRef => [TrapKind.NullReference, TrapKind.StackExhausted],
        Opcode.CallIndirect or Opcode.ReturnCallIndirect =>
            [TrapKind.UndefinedElement, TrapKind.UninitializedElement, TrapKind.IndirectCallTypeMismatch, TrapKind.StackExhausted],
        >= Opcode.I32Load and <= Opcode.I64Load32U => IsInside(instruction) ? [] : [TrapKind.MemoryOutOfBounds],
        (>= Opcode.I32Store and <= Opcode.I64Store32) or Opcode.MemoryInit or Opcode.MemoryCopy or Opcode.MemoryFill => [TrapKind.MemoryOutOfBounds],
        Opcode.TableGet or Opcode.TableSet or (>= Opcode.TableInit and <= Opcode.TableCopy and not Opcode.ElemDrop) or Opcode.TableFill =>
            [TrapKind.TableOutOfBounds],
        Opcode.RefAsNonNull or Opcode.ThrowRef or Opcode.ArrayLen or Opcode.I31GetS or Opcode.I31GetU
            or (>= Opcode.StructGet and <= Opcode.StructSet) => [TrapKind.NullReference],
        (>= Opcode.ArrayGet and <= Opcode.ArraySet) or Opcode.ArrayFill or Opcode.ArrayCopy => [TrapKind.NullReference, TrapKind.ArrayOutOfBounds],
        Opcode.ArrayInitData => [TrapKind.NullReference, TrapKind.ArrayOutOfBounds, TrapKind.MemoryOutOfBounds],
        Opcode.ArrayInitElem => [TrapKind.NullReference, TrapKind.ArrayOutOfBounds, TrapKind.TableOutOfBounds],
        Opcode.ArrayNewData => [TrapKind.HeapExhausted, TrapKind.MemoryOutOfBounds],
        Opcode.ArrayNewElem => [TrapKind.HeapExhausted, TrapKind.TableOutOfBounds],
        (>= Opcode.StructNew and <= Opcode.StructNewDefault) or (>= Opcode.ArrayNew and <= Opcode.ArrayNewFixed) => [TrapKind.HeapExhausted],
        Opcode.RefI31 => [TrapKind.HeapExhausted],
        Opcode.RefCast or Opcode.RefCastNull => [TrapKind.CastFailure],
        AtomicSignatures.Fence => [],
        >= AtomicSignatures.First => [TrapKind.MemoryOutOfBounds, TrapKind.UnalignedAtomic, TrapKind.ExpectedSharedMemory],
        >= VectorSignatures.First when VectorSignatures.IsAccess(instruction.Vector) => [TrapKind.MemoryOutOfBounds],
        _ => [],
    };

    /// <summary>The divisor may be zero, or -1, of which the quotient with the smallest integer does not exist.</summary>
    ReadOnlySpan<TrapKind> TrapsOfDivision(ulong minusOne)
    {
        var divisor = Peek();
        return (divisor.Low > 0, divisor.High < minusOne) switch
        {
            (true, true) => [],
            (true, false) => [TrapKind.IntegerOverflow],
            (false, true) => [TrapKind.IntegerDivideByZero],
            _ => [TrapKind.IntegerDivideByZero, TrapKind.IntegerOverflow],
        };
    }

    /// <summary>Whether a load is within what the memory has from the start.</summary>
    bool IsInside(in Instruction instruction)
    {
        Ceiling end = new Ceiling(Peek().High) + (ulong)instruction.Bits + (1UL << Signatures.AccessWidth(instruction.Opcode));
        return end.Value <= Math.Min(_image.Memories[instruction.Index].Limits.Minimum, uint.MaxValue) * Memory.PageBytes;
    }
}

using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Atomic instructions: bounds and alignment are checked here, the rest is a call.</content>
sealed partial class FunctionCompiler
{
    void EmitAtomic(in Instruction instruction)
    {
        if (instruction.Opcode == AtomicSignatures.Fence)
        {
            _il.Emit(OpCodes.Call, Members.Method(typeof(Interlocked), nameof(Interlocked.MemoryBarrier)));
            return;
        }

        var signature = Signatures.Of(instruction.Opcode)!;
        var values = new Operand[signature.Parameters.Length - 1];
        for (var i = values.Length - 1; i >= 0; i--)
            values[i] = _operands.Take();
        LoadAlignedAddress(instruction);
        if (instruction.Opcode < AtomicSignatures.Fence)
            EmitWaitOrNotify(instruction, values);
        else
            EmitCellOperation(instruction.Opcode, values, signature);
        foreach (var value in values)
            _frame.Release(value);
    }

    /// <summary>As for other accesses; and branches away when the address is no multiple of the width.</summary>
    void LoadAlignedAddress(in Instruction instruction)
    {
        _operands.Spill();
        LoadEffectiveAddress(instruction);
        var width = 1 << Signatures.AccessWidth(instruction.Opcode);
        if (width == 1)
            return;
        var address = _frame.Scratch(typeof(nint));
        _il.Emit(OpCodes.Stloc, address);
        _il.Emit(OpCodes.Ldloc, address);
        _il.LoadNative(width - 1);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Brtrue, TrapLabel(TrapKind.UnalignedAtomic));
        _il.Emit(OpCodes.Ldloc, address);
    }

    void EmitWaitOrNotify(in Instruction instruction, Operand[] values)
    {
        foreach (var value in values)
            _frame.Load(value);
        _il.LoadInt32(instruction.Index);
        _frame.LoadInstance();
        _il.Emit(OpCodes.Call, Members.Method(typeof(Atomics), instruction.Opcode switch
        {
            AtomicSignatures.Notify => nameof(Atomics.Notify),
            AtomicSignatures.Wait32 => nameof(Atomics.Wait32),
            _ => nameof(Atomics.Wait64),
        }));
        _operands.PushResult(ValueKind.I32);
    }

    /// <summary>Operands are narrowed to what is in the memory, and the result is widened without a sign.</summary>
    void EmitCellOperation(Opcode opcode, Operand[] values, FunctionType signature)
    {
        var cell = AtomicSignatures.CellOf(opcode);
        foreach (var value in values)
        {
            _frame.Load(value);
            NarrowTo(cell);
        }

        _il.Emit(OpCodes.Call, Members.Generic(typeof(AtomicCell), AtomicSignatures.MethodOf(opcode), cell));
        if (signature.Results.IsEmpty)
            return;
        if (signature.Results[0].Kind == ValueKind.I64 && cell != typeof(long))
            _il.Emit(OpCodes.Conv_U8);
        _operands.PushResult(signature.Results[0].Kind);
    }

    void NarrowTo(Type cell)
    {
        if (cell == typeof(byte))
            _il.Emit(OpCodes.Conv_U1);
        else if (cell == typeof(ushort))
            _il.Emit(OpCodes.Conv_U2);
        else if (cell == typeof(uint))
            _il.Emit(OpCodes.Conv_U4);
    }
}

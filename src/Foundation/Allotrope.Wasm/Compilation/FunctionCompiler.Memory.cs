using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Loads, stores and bulk operations. The memory never moves and never shrinks: its base is read once per call, and what was inside it stays inside.
/// </content>
sealed partial class FunctionCompiler
{
    /// <summary>
    /// For locals that have served as an address: where the furthest access checked since the last label ended, relative to the local.
    /// Accesses that end before need no check of their own.
    /// </summary>
    readonly Dictionary<int, long> _checked = [];

    void EmitMemory(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case <= Opcode.I64Load32U: EmitLoad(instruction); break;
            case <= Opcode.I64Store32: EmitStore(instruction); break;
            case Opcode.MemorySize:
                LoadMemoryLength();
                _il.LoadInt32(16);
                _il.Emit(OpCodes.Shr_Un);
                _il.Emit(OpCodes.Conv_I4);
                _operands.PushResult(ValueKind.I32);
                break;
            case Opcode.MemoryGrow: EmitBulk(nameof(Bulk.MemoryGrow), 1); break;
            case Opcode.MemoryFill: EmitBulk(nameof(Bulk.MemoryFill), 3); break;
            case Opcode.MemoryCopy: EmitBulk(nameof(Bulk.MemoryCopy), 3); break;
            case Opcode.MemoryInit: EmitBulk(nameof(Bulk.MemoryInit), 3, instruction.Index); break;
            case Opcode.DataDrop: EmitBulk(nameof(Bulk.DataDrop), 0, instruction.Index); break;
        }
    }

    void EmitLoad(in Instruction instruction)
    {
        LoadEffectiveAddress(instruction);
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(instruction.Opcode switch
        {
            Opcode.I32Load => OpCodes.Ldind_I4,
            Opcode.I64Load => OpCodes.Ldind_I8,
            Opcode.F32Load => OpCodes.Ldind_R4,
            Opcode.F64Load => OpCodes.Ldind_R8,
            Opcode.I32Load8S or Opcode.I64Load8S => OpCodes.Ldind_I1,
            Opcode.I32Load8U or Opcode.I64Load8U => OpCodes.Ldind_U1,
            Opcode.I32Load16S or Opcode.I64Load16S => OpCodes.Ldind_I2,
            Opcode.I32Load16U or Opcode.I64Load16U => OpCodes.Ldind_U2,
            Opcode.I64Load32S => OpCodes.Ldind_I4,
            _ => OpCodes.Ldind_U4,
        });
        if (instruction.Opcode is Opcode.I64Load8S or Opcode.I64Load16S or Opcode.I64Load32S)
            _il.Emit(OpCodes.Conv_I8);
        else if (instruction.Opcode is Opcode.I64Load8U or Opcode.I64Load16U or Opcode.I64Load32U)
            _il.Emit(OpCodes.Conv_U8);
        _operands.PushResult(Signatures.Of(instruction.Opcode)!.Results[0].Kind);
    }

    void EmitStore(in Instruction instruction)
    {
        var value = _operands.Take();
        LoadEffectiveAddress(instruction);
        _frame.Load(value);
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(instruction.Opcode switch
        {
            Opcode.I32Store or Opcode.I64Store32 => OpCodes.Stind_I4,
            Opcode.I64Store => OpCodes.Stind_I8,
            Opcode.F32Store => OpCodes.Stind_R4,
            Opcode.F64Store => OpCodes.Stind_R8,
            Opcode.I32Store8 or Opcode.I64Store8 => OpCodes.Stind_I1,
            _ => OpCodes.Stind_I2,
        });
        _frame.Release(value);
    }

    /// <summary>
    /// Pops the 32-bit address and leaves the machine's on the IL stack, having branched away if the access is not wholly inside.
    /// The sum of address and offset is made in 64 bits and cannot wrap around.
    /// </summary>
    void LoadEffectiveAddress(in Instruction instruction)
    {
        var offset = instruction.Bits;
        var end = offset + (1L << Signatures.AccessWidth(instruction.Opcode));
        var address = _operands.Top;
        if (IsKnownInside(address, end))
        {
            _operands.Load(1);
            _il.Emit(OpCodes.Conv_U);
            _il.Emit(OpCodes.Ldloc, MemoryBase);
            _il.Emit(OpCodes.Add);
            AddOffset(offset);
            return;
        }

        _operands.Load(1);
        _il.Emit(OpCodes.Conv_U);
        var wide = _frame.Scratch(typeof(nuint));
        _il.Emit(OpCodes.Stloc, wide);
        _operands.Spill();
        _il.Emit(OpCodes.Ldloc, wide);
        AddOffset(end);
        LoadMemoryLength();
        _il.Emit(OpCodes.Bgt_Un, TrapLabel(TrapKind.MemoryOutOfBounds));
        if (address.Place == Place.Local)
            _checked[address.Slot] = end;
        _il.Emit(OpCodes.Ldloc, MemoryBase);
        _il.Emit(OpCodes.Ldloc, wide);
        _il.Emit(OpCodes.Add);
        AddOffset(offset);
    }

    bool IsKnownInside(in Operand address, long end) => address.Place switch
    {
        Place.Local => _checked.TryGetValue(address.Slot, out var known) && end <= known,
        Place.Constant => (uint)address.Bits + end <= (long)_image.Memories[0].Limits.Minimum * Memory.PageBytes,
        _ => false,
    };

    void AddOffset(long offset)
    {
        if (offset == 0)
            return;
        _il.LoadNative(offset);
        _il.Emit(OpCodes.Add);
    }

    void LoadMemoryLength()
    {
        _il.Emit(OpCodes.Ldloc, MemoryBase);
        _il.LoadInt32(Memory.LengthOffset);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I);
    }

    /// <summary>Calls a method of <see cref="Bulk"/> with operands, indices and the instance.</summary>
    void EmitBulk(string name, int operands, params ReadOnlySpan<int> indices)
    {
        var method = Members.Method(typeof(Bulk), name);
        var depth = _operands.Load(operands);
        foreach (var index in indices)
            _il.LoadInt32(index);
        _frame.LoadInstance();
        _il.Emit(OpCodes.Call, method);
        if (method.ReturnType != typeof(void))
            _operands.PushResult(ValueKinds.Of(method.ReturnType)!.Value, depth);
    }
}

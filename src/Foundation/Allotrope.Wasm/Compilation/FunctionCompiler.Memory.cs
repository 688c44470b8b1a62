using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Loads, stores and bulk operations. The memory never moves and never shrinks: its base is read once per call, and what was inside it stays inside.
/// </content>
sealed partial class FunctionCompiler
{
    void EmitMemory(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case <= Opcode.I64Load32U: EmitLoad(instruction); break;
            case <= Opcode.I64Store32: EmitStore(instruction); break;
            case Opcode.MemorySize: EmitMemorySize(instruction.Index); break;
            case Opcode.MemoryGrow:
                EmitBulk(nameof(Bulk.MemoryGrow), 1, instruction.Index);
                PushSize(_image.Memories[instruction.Index].Limits.Address);
                break;
            case Opcode.MemoryFill: EmitBulk(nameof(Bulk.MemoryFill), 3, instruction.Index); break;
            case Opcode.MemoryCopy: EmitBulk(nameof(Bulk.MemoryCopy), 3, instruction.Index, instruction.Second); break;
            case Opcode.MemoryInit: EmitBulk(nameof(Bulk.MemoryInit), 3, instruction.Index, instruction.Second); break;
            case Opcode.DataDrop: EmitBulk(nameof(Bulk.DataDrop), 0, instruction.Index); break;
        }
    }

    void EmitMemorySize(int memory)
    {
        LoadMemoryLength(memory);
        _il.LoadInt32(16);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_U8);
        PushSize(_image.Memories[memory].Limits.Address);
    }

    /// <summary>The 64-bit size on the IL stack becomes a result of the type of addresses.</summary>
    void PushSize(ValueKind address)
    {
        if (address == ValueKind.I32)
            _il.Emit(OpCodes.Conv_I4);
        _operands.PushResult(address);
    }

    void EmitLoad(in Instruction instruction)
    {
        if (IsGuarded(instruction))
            LoadGuarded(instruction);
        else
            LoadChecked(instruction);
        if (instruction.Opcode is Opcode.I64Load8S or Opcode.I64Load16S or Opcode.I64Load32S)
            _il.Emit(OpCodes.Conv_I8);
        else if (instruction.Opcode is Opcode.I64Load8U or Opcode.I64Load16U or Opcode.I64Load32U)
            _il.Emit(OpCodes.Conv_U8);
        _operands.PushResult(Signatures.Of(instruction.Opcode)!.Results[0].Kind, bound: Bounds.OfLoad(instruction.Opcode));
    }

    /// <summary>Loads what the instruction says, before 32 bits become 64.</summary>
    void LoadChecked(in Instruction instruction)
    {
        LoadEffectiveAddress(instruction);
        PrefixUnaligned(instruction);
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
    }

    void EmitStore(in Instruction instruction)
    {
        var value = _operands.Take();
        LoadAddressToWrite(instruction);
        _frame.Load(value);
        PrefixStore(instruction);
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

    /// <summary>Volatile where nothing but a fault stops it, so that it stays the store that it is.</summary>
    void PrefixStore(in Instruction instruction)
    {
        PrefixUnaligned(instruction);
        if (_module.IsGuarded)
            _il.Emit(OpCodes.Volatile);
    }

    /// <summary>Calls a method of <see cref="Bulk"/> with operands, 32-bit addresses widened, indices and the instance.</summary>
    void EmitBulk(string name, int operands, params ReadOnlySpan<int> indices)
    {
        var method = Members.Method(typeof(Bulk), name);
        var parameters = method.GetParameters();
        var taken = new Operand[operands];
        for (var i = operands - 1; i >= 0; i--)
            taken[i] = _operands.Take();
        for (var i = 0; i < operands; i++)
        {
            _frame.Load(taken[i]);
            if (taken[i].Kind == ValueKind.I32 && parameters[i].ParameterType == typeof(long))
                _il.Emit(OpCodes.Conv_U8);
            _frame.Release(taken[i]);
        }

        foreach (var index in indices)
            _il.LoadInt32(index);
        _frame.LoadInstance();
        _il.Emit(OpCodes.Call, method);
    }
}

using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <content>
/// The same machine code from less IL, since RyuJIT counts IL to decide whether it optimises. What costs nothing is always done; what may cost
/// a register or an instruction only in functions that would be too large otherwise.
/// </content>
sealed partial class FunctionCompiler
{
    /// <summary>Whether every instruction of IL counts.</summary>
    bool _isCompact;

    /// <summary>
    /// How far before a memory's first byte its local points: where checks are explicit, nearly each access reads the length there.
    /// </summary>
    int HeaderBytes => _isCompact && !_module.IsGuarded ? -Memory.LengthOffset : 0;

    /// <summary>The check of <see cref="CheckNarrow"/> for an address that is in a local and will be there again.</summary>
    void CheckLocal(in Operand address, int memory, ulong end)
    {
        _operands.Spill();
        _frame.LoadAddress(address);
        CheckAddress(memory, end);
        _checked.Note(address.Slot, memory, end);
    }

    /// <summary>Says that an address may be any. x64 does not ask, so it is left out there where every instruction counts.</summary>
    void PrefixUnaligned(in Instruction access)
    {
        if (Signatures.AccessWidth(access.Opcode) > 0 && !(_isCompact && RuntimeInformation.ProcessArchitecture == Architecture.X64))
            _il.Emit(OpCodes.Unaligned, (byte)1);
    }

    /// <summary>A shift by a constant needs no mask.</summary>
    bool TryEmitShift(Opcode opcode)
    {
        OpCode? shift = opcode switch
        {
            Opcode.I32Shl or Opcode.I64Shl => OpCodes.Shl,
            Opcode.I32ShrS or Opcode.I64ShrS => OpCodes.Shr,
            Opcode.I32ShrU or Opcode.I64ShrU => OpCodes.Shr_Un,
            _ => null,
        };
        if (shift is not { } found || _operands.Top.Place != Place.Constant)
            return false;
        var kind = _operands.Top.Kind;
        var count = (int)_operands.Top.Bits & (kind == ValueKind.I64 ? 63 : 31);
        var bound = Bounds.OfShift(opcode, _operands.Second, count);
        _operands.Drop();
        var depth = _operands.Load(1);
        _il.LoadInt32(count);
        _il.Emit(found);
        _operands.PushResult(kind, depth, bound);
        return true;
    }
}

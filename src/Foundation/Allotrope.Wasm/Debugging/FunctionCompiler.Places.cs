using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Notes where in the IL the instructions are that may be found on a stack.</content>
sealed partial class FunctionCompiler
{
    readonly CodeMap? _map;

    /// <summary>Where the instruction is in the module that is being compiled.</summary>
    int _byteOffset;

    bool _isMapped;

    /// <summary>
    /// To be called before anything of the instruction is emitted. The just-in-time compiler knows of a call only the last place where the IL stack was
    /// empty; so it is made so. And it likes to move calls: into the next statement, or together with a call alike in another branch. So each stands
    /// between two stores of a number of its own to a local whose address is known elsewhere, which are not left out.
    /// </summary>
    void NotePlace(in Instruction instruction)
    {
        _byteOffset = instruction.ByteOffset;
        if (_map is null || !_reachable)
            return;
        var calls = MayCall(instruction.Opcode);
        if (calls)
            _operands.Spill();
        if (calls || _isMapped)
            _map.Add(_il.ILOffset, calls ? instruction.ByteOffset : CodeMap.Nowhere);
        if (calls)
            Fence(instruction.ByteOffset);
        _isMapped = calls;
    }

    /// <summary>To be called when all of the instruction is emitted.</summary>
    void LeavePlace()
    {
        if (!_isMapped || !_reachable)
            return;
        _operands.Spill();
        Fence(-_byteOffset);
    }

    void Fence(int number)
    {
        _il.LoadInt64(number);
        _il.Emit(OpCodes.Stloc, Marker);
    }

    /// <summary>Whether the instruction becomes a call: of a function, or of a method of ours that may throw or take long.</summary>
    static bool MayCall(Opcode opcode) => opcode switch
    {
        Opcode.Unreachable or Opcode.Throw or Opcode.ThrowRef => true,
        >= Opcode.Call and <= Opcode.ReturnCallRef => true,
        Opcode.TableGet or Opcode.TableSet or Opcode.MemoryGrow => true,
        (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U) or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U) => true,
        >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U => false,
        >= VectorSignatures.First and < AtomicSignatures.First => false,
        _ => opcode >= Opcode.RefNull,
    };
}

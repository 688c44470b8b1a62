using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// RyuJIT (.NET 10, x64) takes the zero flag from a rotation by a constant when its result is compared with zero, but the processor's rotations leave that
/// flag as it was. It sees through variables that are used once, and rewrites unsigned comparisons with 0 and 1 to such tests. So in functions that
/// rotate, whatever is compared is first combined with itself out of a variable that is thereby used twice: that becomes the same <c>test</c>
/// instruction that would be there anyway.
/// </content>
sealed partial class FunctionCompiler
{
    bool _rotates;

    /// <summary>Where the code ended after the last comparison: what is on the stack there is no rotated number.</summary>
    int _compared = -1;

    LocalBuilder RotatedInt32 => field ??= _il.DeclareLocal(typeof(int));

    LocalBuilder RotatedInt64 => field ??= _il.DeclareLocal(typeof(long));

    LocalBuilder OtherInt32 => field ??= _il.DeclareLocal(typeof(int));

    LocalBuilder OtherInt64 => field ??= _il.DeclareLocal(typeof(long));

    /// <summary>Call it before the top of the IL stack is compared with zero.</summary>
    void ShieldTest(ValueKind kind)
    {
        if (!_rotates || _il.ILOffset == _compared)
            return;
        var rotated = kind == ValueKind.I32 ? RotatedInt32 : RotatedInt64;
        _il.Emit(OpCodes.Stloc, rotated);
        LoadTwice(rotated);
    }

    /// <summary>Call it with the operands of a numeric instruction on the IL stack.</summary>
    void ShieldComparison(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32Eqz: ShieldTest(ValueKind.I32); break;
            case Opcode.I64Eqz: ShieldTest(ValueKind.I64); break;
            case >= Opcode.I32Eq and <= Opcode.I32GeU when _rotates: Shield(RotatedInt32, OtherInt32); break;
            case >= Opcode.I64Eq and <= Opcode.I64GeU when _rotates: Shield(RotatedInt64, OtherInt64); break;
        }

        void Shield(LocalBuilder first, LocalBuilder second)
        {
            _il.Emit(OpCodes.Stloc, second);
            _il.Emit(OpCodes.Stloc, first);
            LoadTwice(first);
            LoadTwice(second);
        }
    }

    void NoteRotation(Opcode opcode)
    {
        _rotates |= opcode is Opcode.I32Rotl or Opcode.I32Rotr or Opcode.I64Rotl or Opcode.I64Rotr;
        if (opcode is >= Opcode.I32Eqz and <= Opcode.F64Ge)
            _compared = _il.ILOffset;
    }

    void LoadTwice(LocalBuilder local)
    {
        _il.Emit(OpCodes.Ldloc, local);
        _il.Emit(OpCodes.Ldloc, local);
        _il.Emit(OpCodes.And);
    }
}

using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Patterns that RyuJIT (.NET 10, x64) makes wrong code of. Operands are combined with themselves out of a variable that is thereby used twice: it cannot
/// see through that, and a <c>test</c> or <c>and</c> instruction costs next to nothing.
/// <list type="bullet">
/// <item>It takes the zero flag from a rotation by a constant whose result is compared with zero, but the processor's rotations leave that flag as it was. It
/// looks through variables that are used once, and rewrites unsigned comparisons with 0 and 1 to such tests. So in functions that rotate, all integers that are
/// compared are shielded.</item>
/// <item>A constant of 32 bits that it rotates while it reads the IL has no sign any more: what divides such a number takes it for a large one. So the count goes
/// through a variable, which it looks into later, when it does it right.</item>
/// <item>It lets the instruction that moves an integer's bits to a float read them from memory itself, four bytes where only one or two were to be loaded: another
/// value, and beyond the end of a memory.</item>
/// <item>Where vectors that were just computed are arguments of a call, other arguments arrive as something else, and the process may end. So each goes through
/// a method of ours first, which is not inlined: what a call gives is put aside before the next argument is worked out.</item>
/// </list>
/// </content>
sealed partial class FunctionCompiler
{
    bool _rotates;

    /// <summary>Where the code ended after the last comparison: what is on the stack there is no rotated number.</summary>
    int _compared = -1;

    LocalBuilder ShieldedInt32 => field ??= _il.DeclareLocal(typeof(int));

    LocalBuilder ShieldedInt64 => field ??= _il.DeclareLocal(typeof(long));

    LocalBuilder OtherInt32 => field ??= _il.DeclareLocal(typeof(int));

    LocalBuilder OtherInt64 => field ??= _il.DeclareLocal(typeof(long));

    /// <summary>Call it before the top of the IL stack is compared with zero.</summary>
    void ShieldTest(ValueKind kind)
    {
        if (!_rotates || _il.ILOffset == _compared)
            return;
        var shielded = kind == ValueKind.I32 ? ShieldedInt32 : ShieldedInt64;
        _il.Emit(OpCodes.Stloc, shielded);
        LoadTwice(shielded);
    }

    /// <summary>Call it with the operands of a numeric instruction on the IL stack.</summary>
    void ShieldOperands(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.F32ReinterpretI32:
                _il.Emit(OpCodes.Stloc, ShieldedInt32);
                LoadTwice(ShieldedInt32);
                break;
            case Opcode.I32Eqz: ShieldTest(ValueKind.I32); break;
            case Opcode.I64Eqz: ShieldTest(ValueKind.I64); break;
            case >= Opcode.I32Eq and <= Opcode.I32GeU when _rotates: Shield(ShieldedInt32, OtherInt32); break;
            case >= Opcode.I64Eq and <= Opcode.I64GeU when _rotates: Shield(ShieldedInt64, OtherInt64); break;
        }

        void Shield(LocalBuilder first, LocalBuilder second)
        {
            _il.Emit(OpCodes.Stloc, second);
            _il.Emit(OpCodes.Stloc, first);
            LoadTwice(first);
            LoadTwice(second);
        }
    }

    /// <summary>Call it with the operands still in their places: what is on the IL stack may be made of constants alone, too.</summary>
    bool IsRotationOfConstants(Opcode opcode) => opcode is Opcode.I32Rotl or Opcode.I32Rotr
        && _operands.Second.Place is (Place.Constant or Place.Stack) && _operands.Top.Place is (Place.Constant or Place.Stack);

    /// <summary>Call it with the operands of a rotation on the IL stack.</summary>
    void ShieldCount()
    {
        _il.Emit(OpCodes.Stloc, OtherInt32);
        _il.Emit(OpCodes.Ldloc, OtherInt32);
    }

    /// <summary>Call it before the arguments of a call are loaded.</summary>
    void ShieldVectorArguments(FunctionType type) => ShieldVectors(type.Parameters.AsSpan());

    /// <summary>Several results are arguments too, of what puts them together.</summary>
    void ShieldVectorResults()
    {
        if (_type.Results.Length > 1)
            ShieldVectors(_type.Results.AsSpan());
    }

    void ShieldVectors(ReadOnlySpan<WasmType> types)
    {
        var any = false;
        foreach (var type in types)
            any |= type.Kind == ValueKind.V128;
        if (!any)
            return;
        _operands.Spill();
        var arguments = new Operand[types.Length];
        for (var i = arguments.Length - 1; i >= 0; i--)
            arguments[i] = _operands.Take();
        foreach (var argument in arguments)
        {
            if (argument.Kind != ValueKind.V128)
            {
                _operands.Push(argument);
                continue;
            }

            _frame.Load(argument);
            _frame.Release(argument);
            _il.Emit(OpCodes.Call, Members.Method(typeof(VectorOperations), nameof(VectorOperations.Pass)));
            var slot = _frame.Rent(ValueKind.V128);
            _frame.StoreTemporary(slot);
            _operands.Push(_frame.Temporary(slot));
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

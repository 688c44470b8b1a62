using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Null tests and calls through references.</content>
sealed partial class FunctionCompiler
{
    void EmitNullTest(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.RefEq: EmitRefEq(); break;
            case Opcode.RefAsNonNull:
                Repush(TakeNonNull());
                break;
            case Opcode.BrOnNull: EmitBranchOnNull(Target(instruction.Index)); break;
            default: EmitBranchOnNonNull(Target(instruction.Index)); break;
        }
    }

    /// <summary>Pops a reference, having branched away if it is null. Release it after use, or push it again.</summary>
    Operand TakeNonNull()
    {
        var reference = _operands.Take();
        _operands.Spill();
        _frame.Load(reference);
        _il.Emit(OpCodes.Brfalse, TrapLabel(TrapKind.NullReference));
        return reference;
    }

    /// <summary>Equal are the same object, and small integers of the same value.</summary>
    void EmitRefEq()
    {
        var depth = _operands.LoadEitherWay();
        _il.Emit(OpCodes.Call, Members.ReferenceEqual);
        _operands.PushResult(ValueKind.I32, depth);
    }

    void EmitBranchOnNull(BlockEmission target)
    {
        var reference = _operands.Take();
        _operands.Spill();
        if (IsDirect(target))
        {
            Aim(target);
            _frame.Load(reference);
            _il.Emit(OpCodes.Brfalse, target.Label);
        }
        else
        {
            var stay = _il.DefineLabel();
            _frame.Load(reference);
            _il.Emit(OpCodes.Brtrue, stay);
            EmitJumpWithCopies(target);
            _il.MarkLabel(stay);
        }

        Repush(reference);
    }

    void EmitBranchOnNonNull(BlockEmission target)
    {
        var reference = _operands.Take();
        _operands.Spill();
        var stay = _il.DefineLabel();
        _frame.Load(reference);
        _il.Emit(OpCodes.Brfalse, stay);
        Repush(reference);
        EmitJumpWithCopies(target);
        _operands.Drop();
        _il.MarkLabel(stay);
    }

    /// <summary>Pushes again what <see cref="OperandStack.Take"/> gave.</summary>
    void Repush(in Operand operand)
    {
        if (operand.Place == Place.Local)
            _operands.PushLocal(operand.Slot);
        else
            _operands.Push(operand);
    }

    void EmitCallRef(FunctionType type) => CallThrough(TakeCallee(), type);

    /// <summary>The function a reference leads to, of this store or the host's. Pays with one compare for that to be certain.</summary>
    LocalBuilder TakeCallee()
    {
        var reference = TakeNonNull();
        var callee = _frame.Scratch(typeof(Function));
        _frame.Load(reference);
        _il.Emit(OpCodes.Stloc, callee);
        _frame.Release(reference);
        var own = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionGuard);
        _frame.LoadInstance();
        _il.Emit(OpCodes.Ldfld, Members.InstanceGuard);
        _il.Emit(OpCodes.Beq, own);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Call, Members.FunctionCheckStore);
        _il.MarkLabel(own);
        return callee;
    }
}

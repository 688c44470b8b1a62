using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Fuel. What is left is in a local, from which the last instruction of each line takes the line's price. The guard gets it before whatever may look there,
/// throw or fault. Functions that neither call nor loop pay the guard directly.
/// </content>
sealed partial class FunctionCompiler
{
    /// <summary>Instructions of the line so far.</summary>
    long _fuelOwed;

    /// <summary>Whether the local may be ahead of the guard.</summary>
    bool _fuelAhead;

    LocalBuilder Fuel => field ??= _il.DeclareLocal(typeof(long));

    /// <summary>Functions of which every instruction of IL counts pay the guard too: that takes half the IL, and no registers from an interpreter's loop.</summary>
    bool HasFuelLocal => _module.Fuel && !_isCompact && (_facts.HasCall || _facts.HasLoop);

    /// <summary>Whether the instruction ends a line; of those on references <see cref="BranchesOnReference"/> says it.</summary>
    static bool EndsLine(Opcode opcode) => opcode is not (Opcode.Nop or Opcode.Block or Opcode.TryTable);

    static bool BranchesOnReference(Opcode opcode) => opcode is Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail;

    /// <summary>
    /// Whether the instruction may be left by an exception, or looks at the guard, other than through <see cref="EmitTrap"/>: those that are calls of
    /// methods which do more than compute, and accesses that may fault.
    /// </summary>
    bool MayLeave(in Instruction instruction) => instruction.Opcode switch
    {
        <= Opcode.CallRef or Opcode.ReturnCallRef or Opcode.TryTable => false, // see there
        <= Opcode.GlobalSet => false,
        <= Opcode.I64Store32 and >= Opcode.I32Load => _module.IsGuarded,
        >= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U or >= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U => true,
        <= Opcode.I64Extend32S and > Opcode.MemoryGrow => false,
        >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U => false,
        >= VectorSignatures.First and < AtomicSignatures.First => _module.IsGuarded && VectorSignatures.IsAccess(instruction.Vector),
        _ => true,
    };

    /// <summary>Whether the instruction pays by size, or lets the host give more meanwhile.</summary>
    static bool MayPay(Opcode opcode) => opcode
        is Opcode.MemoryGrow or (>= Opcode.MemoryInit and <= Opcode.TableFill)
        or (>= Opcode.ArrayNew and <= Opcode.ArrayNewElem) or (>= Opcode.ArrayFill and <= Opcode.ArrayInitElem)
        or AtomicSignatures.Wait32 or AtomicSignatures.Wait64;

    /// <summary>Pays for the line. Done before everything that branches, so that no path is free.</summary>
    void PayFuel()
    {
        if (!_module.Fuel || _fuelOwed == 0)
            return;
        if (!HasFuelLocal)
        {
            _il.Emit(OpCodes.Ldloc, Guard);
            _il.Emit(OpCodes.Dup);
            _il.Emit(OpCodes.Ldfld, Members.GuardFuel);
        }
        else
        {
            _il.Emit(OpCodes.Ldloc, Fuel);
        }

        _il.LoadInt64(_fuelOwed);
        _il.Emit(OpCodes.Sub);
        if (HasFuelLocal)
            _il.Emit(OpCodes.Stloc, Fuel);
        else
            _il.Emit(OpCodes.Stfld, Members.GuardFuel);
        _fuelOwed = 0;
        _fuelAhead = true;
    }

    /// <summary>What is left.</summary>
    void LoadFuel()
    {
        if (HasFuelLocal)
        {
            _il.Emit(OpCodes.Ldloc, Fuel);
            return;
        }

        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldfld, Members.GuardFuel);
    }

    /// <summary>Traps when nothing is left.</summary>
    void AskForFuel()
    {
        if (!_module.Fuel)
            return;
        LoadFuel();
        _il.LoadInt64(0);
        _il.Emit(OpCodes.Ble, TrapLabel(TrapKind.FuelExhausted));
    }

    /// <summary>Tells the guard what is left. What is on the IL stack stays there.</summary>
    void WriteFuel()
    {
        if (!HasFuelLocal || !_fuelAhead)
            return;
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldloc, Fuel);
        _il.Emit(OpCodes.Stfld, Members.GuardFuel);
        _fuelAhead = false;
    }

    /// <summary>Reads what is left where something else may have paid or been given more. What is on the IL stack stays there.</summary>
    void ReadFuel()
    {
        if (!HasFuelLocal)
            return;
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldfld, Members.GuardFuel);
        _il.Emit(OpCodes.Stloc, Fuel);
        _fuelAhead = false;
    }
}

using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Fuel, by the <see cref="FuelPlan"/>. The guard always knows what is left. Within loops that nothing else pays in, a local has it too: such a loop
/// writes what is left but need not wait to read it again.
/// </content>
sealed partial class FunctionCompiler
{
    FuelPlan? _fuelPlan;

    /// <summary>The last instruction that was paid for: a loop's first one is at its head, a function's at its entry.</summary>
    int _paidAt = -1;

    /// <summary>Loops that we are in whose code keeps what is left in the local.</summary>
    int _loopsKeepingFuel;

    FuelPlan Plan => _fuelPlan ??= FuelPlan.Of(_image, _body);

    LocalBuilder Fuel => field ??= _il.DeclareLocal(typeof(long));

    /// <summary>A function begins: it pays, and asks where it calls something.</summary>
    void PayAtEntry(int code)
    {
        if (!_module.Fuel)
            return;
        if (!_facts.HasCall)
        {
            PayAt(code);
            return;
        }

        _paidAt = code;
        TakeFuel(Plan.PriceAt(code));
        _il.Emit(OpCodes.Ldloc, Fuel);
        _il.LoadInt64(0);
        _il.Emit(OpCodes.Blt, TrapLabel(TrapKind.FuelExhausted));
    }

    /// <summary>A loop opens. Functions of which every instruction of IL counts have nothing in the local.</summary>
    void KeepFuelIn(BlockEmission loop, int at)
    {
        if (!_module.Fuel || _isCompact || !Plan.IsQuiet(at))
            return;
        loop.KeepsFuel = true;
        if (_loopsKeepingFuel++ == 0)
            ReadFuel();
    }

    /// <summary>At a loop's head: pays, and leaves what is left in the local, to be asked.</summary>
    void PayForIteration()
    {
        if (!_module.Fuel)
            return;
        _paidAt = _next;
        TakeFuel(Plan.PriceAt(_next));
    }

    /// <summary>Pays what is due before the instruction there.</summary>
    void PayAt(int byteOffset)
    {
        if (!_module.Fuel || byteOffset == _paidAt)
            return;
        _paidAt = byteOffset;
        if (Plan.PriceAt(byteOffset) is not (> 0 and var price))
            return;
        if (_loopsKeepingFuel > 0)
        {
            TakeFuel(price);
            return;
        }

        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Ldfld, Members.GuardFuel);
        _il.LoadInt64(price);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stfld, Members.GuardFuel);
    }

    /// <summary>Pays by way of the local, where what is left is found afterwards.</summary>
    void TakeFuel(int price)
    {
        if (_loopsKeepingFuel == 0)
            ReadFuel();
        if (price == 0)
            return;
        _il.Emit(OpCodes.Ldloc, Fuel);
        _il.LoadInt64(price);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, Fuel);
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldloc, Fuel);
        _il.Emit(OpCodes.Stfld, Members.GuardFuel);
    }

    void ReadFuel()
    {
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldfld, Members.GuardFuel);
        _il.Emit(OpCodes.Stloc, Fuel);
    }
}

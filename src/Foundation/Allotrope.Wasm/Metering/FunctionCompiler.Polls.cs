using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Where loops look whether the guest must stop, for a while or for good, and with fuel whether any is left: one compare of a field. The just-in-time
/// compiler takes code to which control returns for as likely as any other, and keeps nothing in a processor's float registers across the call in it. So
/// loops that call nothing only trap there, unless the module is to be pausable; then they carry what they have through memory, which leaves the
/// registers alone.
/// </content>
sealed partial class FunctionCompiler
{
    /// <summary>Values that a loop carries through memory; with more of them the code would be more than it saves.</summary>
    internal const int MostCarriedThrough = 64;

    /// <summary>At a loop's head, with nothing on the IL stack: goes to a place out of the way when there is something to know.</summary>
    void EmitLook(int loop)
    {
        var isCalling = _facts.CallingLoops.Contains(loop);
        var holdable = isCalling || _module.Pausable;
        var place = holdable ? _il.DefineLabel() : StopLabel;
        if (_module.Fuel)
            _il.Emit(OpCodes.Ldloc, Fuel);
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Volatile);
        if (_module.Fuel)
        {
            _il.Emit(OpCodes.Ldfld, holdable ? Members.GuardHoldFloor : Members.GuardFuelFloor);
            _il.Emit(OpCodes.Blt, place);
        }
        else
        {
            _il.Emit(OpCodes.Ldfld, holdable ? Members.GuardAsked : Members.GuardInterrupted);
            _il.Emit(OpCodes.Brtrue, place);
        }

        if (!holdable)
            return;
        var back = _il.DefineLabel();
        _il.MarkLabel(back);
        Region.Polls.Add(new LoopPoll(place, back, isCalling, _loopsKeepingFuel > 0, _operands.HeldTemporaries()));
    }

    /// <summary>Where loops go that cannot be held.</summary>
    Label StopLabel => _module.Fuel ? Region.Stop ??= _il.DefineLabel() : TrapLabel(TrapKind.Interrupted);

    void EmitStop(Label stop)
    {
        _il.MarkLabel(stop);
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Call, Members.GuardStop);
        _il.Emit(OpCodes.Throw);
    }

    void EmitPoll(LoopPoll poll)
    {
        _il.MarkLabel(poll.Place);
        var kept = poll.IsCalling ? [] : Kept(poll.Held);
        CarryThrough(kept, isBack: false);
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Call, _module.Fuel ? Members.GuardPollMetered : Members.GuardPoll);
        CarryThrough(kept, isBack: true);
        if (poll.KeepsFuel)
            ReadFuel();
        _il.Emit(OpCodes.Br, poll.Back);
    }

    /// <summary>The numbers and vectors in locals and temporaries; none when they are too many.</summary>
    List<Operand> Kept(int[] temporaries)
    {
        var all = _frame.Kinds.Select((kind, local) => new Operand(kind, Place.Local, local)).Concat(temporaries.Select(_frame.Temporary));
        var kept = all.Where(operand => !operand.Kind.IsReference).Take(MostCarriedThrough + 1).ToList();
        return kept.Count > MostCarriedThrough ? [] : kept;
    }

    void CarryThrough(List<Operand> kept, bool isBack)
    {
        if (kept.Count == 0)
            return;
        var at = _frame.Scratch(typeof(nint));
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Call, Members.GuardLuggage);
        _il.Emit(OpCodes.Stloc, at);
        foreach (var (index, operand) in kept.Index())
        {
            _il.Emit(OpCodes.Ldloc, at);
            _il.LoadNative(index * ValueKind.V128.SlotBytes);
            _il.Emit(OpCodes.Add);
            if (isBack)
            {
                _il.Emit(OpCodes.Ldobj, operand.Kind.ClrType);
                _frame.Store(operand);
            }
            else
            {
                _frame.Load(operand);
                _il.Emit(OpCodes.Stobj, operand.Kind.ClrType);
            }
        }
    }
}

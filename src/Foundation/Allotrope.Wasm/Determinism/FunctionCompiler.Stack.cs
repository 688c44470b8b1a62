using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// The stack of deterministic code is a figure in the guard, from which each function that calls takes what it costs and to which it gives that back. What
/// it left is in a local, so that a function that catches an exception puts right what those in between did not give back.
/// </content>
sealed partial class FunctionCompiler
{
    bool CountsStack => _module.Deterministic && _facts.HasCall;

    LocalBuilder StackLeft => field ??= _il.DeclareLocal(typeof(long));

    /// <summary>Where a function begins.</summary>
    void TakeStack()
    {
        if (!CountsStack)
            return;
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldfld, Members.GuardStackLeft);
        _il.LoadInt64(StackCost.Of(_facts, _body));
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, StackLeft);
        _il.Emit(OpCodes.Ldloc, StackLeft);
        _il.LoadInt64(0);
        _il.Emit(OpCodes.Blt, TrapLabel(TrapKind.StackExhausted));
        RestoreStack();
    }

    /// <summary>Where it has caught something.</summary>
    void RestoreStack()
    {
        if (!CountsStack)
            return;
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldloc, StackLeft);
        _il.Emit(OpCodes.Stfld, Members.GuardStackLeft);
    }

    /// <summary>Before it returns, or another takes its place. What is on the IL stack stays there.</summary>
    void GiveStackBack()
    {
        if (!CountsStack)
            return;
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldloc, StackLeft);
        _il.LoadInt64(StackCost.Of(_facts, _body));
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stfld, Members.GuardStackLeft);
    }
}

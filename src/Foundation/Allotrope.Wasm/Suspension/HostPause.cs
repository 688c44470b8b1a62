namespace Allotrope.Wasm;

/// <summary>What a guest of a <see cref="SteppedCall"/> waits for in a function of the host: to be told to go on.</summary>
/// <param name="type">The function's.</param>
/// <param name="result">Gives its result, when the guest goes on; at most one. What it throws ends the guest.</param>
sealed class HostPause(FunctionType type, Func<Value> result) : Pending
{
    /// <summary>Sends the guest away that has called a function of the host, which then returns whatever it likes.</summary>
    /// <param name="caller">Whose code called it; null when nobody knows.</param>
    /// <param name="type">The function's type.</param>
    /// <param name="result">Gives its result when the guest goes on.</param>
    /// <returns>False when the guest cannot leave the thread: it is in no <see cref="SteppedCall"/>, or is not compiled for that.</returns>
    internal static bool TryBegin(Instance? caller, FunctionType type, Func<Value> result)
    {
        if (caller is not { Recorder: null, Module: { IsInterpreted: false, Options.Suspendable.IsAll: true } } || !caller.Guard.MaySuspend)
            return false;
        caller.Guard.Suspend(new HostPause(type, result));
        return true;
    }

    internal override bool IsCompleted => false;

    /// <exception cref="InvalidOperationException">Always: nobody awaits it.</exception>
    internal override void OnCompleted(Action continuation) => throw new InvalidOperationException("a guest that waits to be told to go on was awaited");

    internal override void Finish(Suspension suspension)
    {
        var given = result();
        if (type.Results.IsEmpty)
            return;
        switch (type.Results[0].Kind)
        {
            case ValueKind.I32: Suspension.Give(given.AsInt32(), suspension); break;
            case ValueKind.I64: Suspension.Give(given.AsInt64(), suspension); break;
            case ValueKind.F32: Suspension.Give(given.AsSingle(), suspension); break;
            default: Suspension.Give(given.AsDouble(), suspension); break;
        }
    }
}

namespace Allotrope.Wasm;

/// <summary>
/// A call whose waits are its caller's business, for a host that gives several guests of a store their turns: it leaves the thread in functions of the host
/// that call <see cref="HostPause"/>, and goes on when it is told to, on the thread that tells it. All on one thread at a time.
/// </summary>
/// <param name="function">What is called.</param>
/// <param name="arguments">As many and of the types that the function's type says.</param>
/// <param name="results">Room for exactly the results, which are there when it has ended.</param>
sealed class SteppedCall(Function function, Value[] arguments, Value[] results)
{
    Suspension? _suspension;

    /// <summary>Bytes of stack that it has left behind and will need again.</summary>
    internal int Bytes => _suspension?.Bytes ?? 0;

    /// <summary>What it waits for, when that is a task of a function of the host; null when it waits for its caller.</summary>
    internal Pending? Outside => _suspension?.Pending is { } pending and not HostPause ? pending : null;

    /// <summary>Calls the function.</summary>
    /// <returns>Whether it has ended; else it waits.</returns>
    internal bool Begin()
    {
        if (function.CanBeSuspended)
            return (_suspension = function.Type.Entries.InvokeAwaited(function, arguments, results)) is null;
        function.Invoke(arguments, results);
        return true;
    }

    /// <summary>Goes on behind its wait.</summary>
    /// <returns>Whether it has ended; else it waits again.</returns>
    internal bool GoOn()
    {
        var suspension = _suspension!;
        if (suspension.GoOn())
            return false;
        function.Type.Entries.TakeResults(null, suspension, results);
        _suspension = null;
        return true;
    }
}

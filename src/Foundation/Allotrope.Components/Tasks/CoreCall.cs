using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>A call of core code by a thread, with turns of others wherever it waits.</summary>
sealed class CoreCall(GuestThread thread, Function function, Value[] arguments, Value[] results)
{
    readonly SteppedCall _call = new(function, arguments, results);
    bool _hasBegun;
    int _parkedBytes;

    /// <summary>Calls the function, or goes on with it.</summary>
    /// <returns>Whether it has ended; else the thread's step ends here.</returns>
    internal bool Run()
    {
        var tasks = thread.Instance.Root.Tasks;
        tasks.Park(-_parkedBytes);
        _parkedBytes = 0;
        if (Step())
            return true;
        if (_call.Outside is { } pending)
            tasks.Loop.WaitOutside(thread, pending);
        tasks.Park(_parkedBytes = _call.Bytes);
        return false;
    }

    /// <summary>Exceptions of guests end at the boundary.</summary>
    bool Step()
    {
        try
        {
            if (_hasBegun)
                return _call.GoOn();
            _hasBegun = true;
            return _call.Begin();
        }
        catch (GuestException e)
        {
            throw ComponentTrap.Uncaught(e);
        }
    }
}

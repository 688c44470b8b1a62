using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A call by core code (Canonical ABI, <c>canon lower</c> and "Subtask State"), which its caller can wait for when it has not ended at once. What was lent for it
/// is the caller's again when the caller has been told that it has ended.
/// </summary>
sealed class Subtask : Waitable, ICallSide
{
    internal const string Kind = "a subtask";

    /// <summary>Elements of a table that take as much as a call that waits for its turn, at either end.</summary>
    internal const uint Elements = 256;

    readonly LoweredCall _call;
    readonly CallScope _scope = new();
    readonly AbiContext _context;
    readonly Lifting _lifting;
    long[] _results = [];
    GuestTask? _callee;
    uint _index;
    bool _isDelivered;
    bool _isCancelled;

    /// <param name="call">What is called.</param>
    /// <param name="arguments">The core values.</param>
    internal Subtask(LoweredCall call, ReadOnlySpan<Value> arguments)
    {
        _call = call;
        _context = new AbiContext(call.Instance, call.Options, _scope);
        _lifting = new Lifting(_context, Flat.FromValues(arguments));
    }

    internal SubtaskState State { get; private set; }

    bool IsResolved => State > SubtaskState.Started;

    /// <summary>Calls, and goes on when there is a result.</summary>
    internal Value RunSynchronously(in WaitSite site)
    {
        _callee = _call.Callee.Begin(_call.Instance, this, mayGoOn: false);
        if (IsResolved)
            return Finish();
        var thread = _call.Instance.Current.Thread ?? throw new ComponentTrap("cannot block a synchronous task before returning");
        return thread.WaitUntil(site, () => IsResolved, isCancellable: false, _ => Finish());
    }

    /// <summary>Calls, and goes on at once.</summary>
    /// <returns>How far the call is, and its handle if it has not ended.</returns>
    internal uint Run()
    {
        _callee = _call.Callee.Begin(_call.Instance, this, mayGoOn: true);
        if (IsResolved)
        {
            Deliver();
            return (uint)State;
        }

        _index = _call.Instance.Handles.AddHeavy(this, Elements);
        return (uint)State | (_index << 4);
    }

    public object?[] Start()
    {
        Note();
        State = SubtaskState.Started;
        try
        {
            return _lifting.Values(_call.Parameters, _call.MostParameters);
        }
        catch
        {
            _call.Instance.Break(); // the callee is the one that is entered now, maybe
            throw;
        }
    }

    public void Resolve(object? result)
    {
        Note();
        try
        {
            _results = new Lowering(_context).Results(_call.Results.Length == 0 ? [] : [result], _call.Results, _call.MostResults, _lifting);
        }
        catch
        {
            _call.Instance.Break();
            throw;
        }

        State = SubtaskState.Returned;
    }

    public void ResolveCancelled()
    {
        Note();
        State = State == SubtaskState.Starting ? SubtaskState.CancelledBeforeStarted : SubtaskState.CancelledBeforeReturned;
    }

    /// <summary>Core code wants the call to end (Canonical ABI, <c>subtask.cancel</c>).</summary>
    internal Value Cancel(InstanceState instance, bool isAsync, WaitSite site)
    {
        if (_isDelivered || _isCancelled)
            throw new ComponentTrap("`subtask.cancel` called after terminal status delivered or a second time");
        if (!isAsync)
            RequireNoSet();
        if (!IsResolved)
        {
            _isCancelled = true;
            // The host is not told: its functions end when they do.
            _callee?.RequestCancellation(instance);
            if (!IsResolved)
                return isAsync ? Blocked.Value : WaitAlone(instance.RequireThread(), site, () => IsResolved, TakeState); // not for the event that it began
        }

        return TakeState();
    }

    /// <exception cref="ComponentTrap">The caller has not been told that it has ended.</exception>
    internal void RequireDelivered()
    {
        if (!_isDelivered)
            throw new ComponentTrap("cannot drop a subtask which has not yet resolved");
    }

    Value TakeState()
    {
        TakeEvent();
        return Value.FromInt32((int)State);
    }

    /// <summary>The caller is told of progress, if it did not wait for the call.</summary>
    void Note()
    {
        if (_index != 0)
            SetEvent(Happened);
    }

    WaitEvent Happened()
    {
        if (IsResolved)
            Deliver();
        return new(EventCode.Subtask, _index, (uint)State);
    }

    Value Finish()
    {
        Deliver();
        return _results.Length == 0 ? default : Flat.ToValue(_results[0], _call.CoreType.Results[0]);
    }

    void Deliver()
    {
        _isDelivered = true;
        _scope.GiveBack();
    }
}

namespace Allotrope.Wasm;

/// <content>
/// Guests that leave the thread. A call from the host that gives a task may be suspended as long as nothing of the host is on the stack above it: calls from
/// host functions into the store count as the depth does.
/// </content>
sealed partial class Guard
{
    int _awaitedDepth;
    int _suspended;
    TaskCompletionSource? _goesOn;

    /// <summary>Not zero while functions leave the thread; read by compiled code after calls that may wait.</summary>
    internal int Unwinding;

    /// <summary>What the call that may be suspended has of frames, once it was.</summary>
    internal Suspension? Activity { get; private set; }

    /// <summary>Whether some code of the store can be called by code that cannot leave the thread.</summary>
    internal bool HoldsThreads { get; set; }

    /// <summary>As <see cref="Store.Continuing"/>.</summary>
    internal Action<Action>? Continuing { get; set; }

    /// <summary>As <see cref="Store.Blocking"/>.</summary>
    internal Action<Task>? Blocking { get; set; }

    /// <summary>Whether a host function that waits may send the guest away.</summary>
    internal bool MaySuspend =>
        _awaitedDepth == _depth && _depth > 0 && !HoldsThreads && _thread == Environment.CurrentManagedThreadId;

    /// <summary>Ends when the store is not paused any more or gone, or its guests must stop.</summary>
    internal Task WaitForPauseAsync()
    {
        if (Volatile.Read(ref Asked) != PauseAsked)
            return Task.CompletedTask;
        lock (_gate)
            return Asked == PauseAsked && !_closed ? (_goesOn ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
    }

    /// <summary>As <see cref="Enter"/>, for a call that may be suspended. Pair with <see cref="LeaveAwaiting"/>.</summary>
    internal AwaitedActivation EnterAwaiting(bool isMetered)
    {
        var outer = new AwaitedActivation(Enter(isMetered), _awaitedDepth, Activity);
        (_awaitedDepth, Activity) = (_depth, null);
        return outer;
    }

    /// <summary>Opens the store for a guest that goes on.</summary>
    internal AwaitedActivation EnterAgain(Suspension suspension)
    {
        CountAway(suspension, isAway: false);
        if (_closed || IsElsewhere)
        {
            GiveTurnBack();
            ObjectDisposedException.ThrowIf(_closed, typeof(Store));
            throw Elsewhere();
        }

        var outer = new AwaitedActivation(new Activation(_ownLimit, _thread, StackLeft), _awaitedDepth, Activity);
        Volatile.Write(ref _depth, _depth + 1);
        _thread = Environment.CurrentManagedThreadId;
        Volatile.Write(ref _isPromised, false);
        Publish(StackBounds.LimitBelowHere(IsDeterministic ? int.MaxValue : stackBytes - suspension.Bytes));
        StackLeft = suspension.StackLeft;
        // What goes on does not ask as functions do that are entered, and one guest may have another go on, that one the next, and so on.
        if (StackBounds.IsBelow(_ownLimit))
        {
            Leave(outer.Outer);
            throw new Trap(TrapKind.StackExhausted);
        }

        if (Volatile.Read(ref Asked) != 0)
            Hold(outer.Outer, isMetered: false);
        (_awaitedDepth, Activity) = (_depth, suspension);
        return outer;
    }

    /// <summary>Gives what is to go on later, when the call was suspended. To be asked before the store is left.</summary>
    internal Suspension? Detach()
    {
        if (Unwinding == 0)
            return null;
        Activity!.StackLeft = StackLeft;
        return Activity;
    }

    internal void LeaveAwaiting(AwaitedActivation outer)
    {
        if (Unwinding != 0)
            CountAway(Activity!, isAway: true);
        Unwinding = 0;
        (_awaitedDepth, Activity) = (outer.AwaitedDepth, outer.Activity);
        Leave(outer.Outer);
    }

    /// <summary>Sends the guest away until there is a result.</summary>
    internal void Suspend(Pending pending)
    {
        Activity ??= new Suspension(this);
        Activity.Begin(pending);
        Unwinding = 1;
    }

    /// <exception cref="Trap">The guest has more suspended than it may have on its stack; deterministic ones have a count of their own.</exception>
    internal void CheckParked(Suspension suspension)
    {
        if (IsDeterministic || suspension.Bytes <= stackBytes)
            return;
        Unwinding = 0;
        throw new Trap(TrapKind.StackExhausted);
    }

    /// <summary>Notes whether a guest is suspended.</summary>
    /// <remarks>The finalizer of one that was forgotten counts too, on a thread of its own.</remarks>
    internal void CountAway(Suspension suspension, bool isAway)
    {
        if (suspension.IsAway == isAway)
            return;
        suspension.IsAway = isAway;
        _ = isAway ? Interlocked.Increment(ref _suspended) : Interlocked.Decrement(ref _suspended);
    }

    /// <summary>Whoever waits for the end of a pause goes on.</summary>
    void TellOfEnd()
    {
        _goesOn?.TrySetResult();
        _goesOn = null;
    }
}

/// <summary>What <see cref="Guard.EnterAwaiting"/> found, for <see cref="Guard.LeaveAwaiting"/> to put back.</summary>
readonly record struct AwaitedActivation(Activation Outer, int AwaitedDepth, Suspension? Activity);

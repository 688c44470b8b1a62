using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <content>
/// Interrupting and pausing. The guest's own thread does both, where it looks next: it throws, or waits until it may go on from where it is. Whether
/// one asks from outside or the guest enters or leaves first, one of the two sees the other: each writes and then reads, and the barrier of who asks
/// runs on all processors, so that guests need none.
/// </content>
sealed partial class Guard
{
    const int InterruptAsked = 1, PauseAsked = 2;

    /// <summary>Of the stack's reserve: what a frame that was held at its entry may be beyond the limit when it goes on.</summary>
    const int Tolerance = 64 << 10;

    readonly object _gate = new();
    TaskCompletionSource? _rest;

    /// <summary>What the store's thread waits for, if it does.</summary>
    internal Waiter? Sleeper;

    /// <summary>Where a loop leaves its variables while it is held; it has them again before anything else of the store runs.</summary>
    byte[]? _luggage;

    internal bool IsPaused => (Volatile.Read(ref Asked) & PauseAsked) != 0;

    internal void Interrupt()
    {
        lock (_gate)
        {
            Ask(InterruptAsked);
            TellOfEnd();
            Monitor.PulseAll(_gate);
        }
    }

    internal void ResetInterrupt() => Withdraw(InterruptAsked);

    /// <returns>Ends when no guest runs.</returns>
    internal Task PauseAsync()
    {
        lock (_gate)
        {
            if (IsPaused)
                return _rest!.Task;
            _rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Ask(PauseAsked);
            if (Volatile.Read(ref _depth) == 0)
                _rest.SetResult();
            return _rest.Task;
        }
    }

    internal void Resume()
    {
        lock (_gate)
        {
            Withdraw(PauseAsked);
            _rest?.TrySetCanceled();
            TellOfEnd();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>For code that found the flag set or the fuel at the floor, on the guest's thread. It goes on when this returns.</summary>
    /// <exception cref="Trap">It must not.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Poll(Guard guard)
    {
        guard.Obey();
        guard.Publish(guard._ownLimit);
    }

    /// <inheritdoc cref="Poll"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void PollMetered(Guard guard)
    {
        Poll(guard);
        if (guard.Fuel < 0)
            throw new Trap(TrapKind.FuelExhausted);
    }

    /// <summary>For work of ours in pieces, between two of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Look()
    {
        if (Volatile.Read(ref Asked) != 0)
            Poll(this);
    }

    /// <summary>What a metered loop throws that cannot be held.</summary>
    internal static Trap Stop(Guard guard) => new(guard.Fuel >= 0 ? TrapKind.Interrupted : TrapKind.FuelExhausted);

    /// <summary>The address of the store's room for a loop's variables.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static unsafe nint Luggage(Guard guard)
    {
        guard._luggage ??= GC.AllocateUninitializedArray<byte>(FunctionCompiler.MostCarriedThrough * ValueKind.V128.SlotBytes, pinned: true);
        return (nint)Unsafe.AsPointer(ref guard._luggage[0]);
    }

    /// <summary>For a function that found the stack pointer below the limit. It goes on when this returns.</summary>
    /// <param name="spare">Bytes that it needs above the limit.</param>
    /// <param name="instance">What it runs for.</param>
    /// <exception cref="Trap">There is no room, or the guest must stop.</exception>
    internal static unsafe void Refuse(int spare, Instance instance)
    {
        byte marker;
        var guard = instance.Guard;
        if (guard._depth == 0 || guard._thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException(
                "a guest called a function of another store: stores share nothing, link through host functions instead");
        }

        var wasShut = guard.StackLimit == Shut;
        Poll(guard);
        // Our own frame is further down than the one that asks.
        if (!wasShut || (nuint)(&marker) + Tolerance < guard._ownLimit + (nuint)spare)
            throw guard.Exhausted();
    }

    /// <summary>The end of the thread's stack is none of a deterministic guest's doing.</summary>
    Exception Exhausted() => IsDeterministic
        ? new HostExhaustedException(
            "the thread's stack is too small for a deterministic guest with this StackBytes: call it on a thread with more, or give it less")
        : new Trap(TrapKind.StackExhausted);

    /// <summary>Throws when interrupted, and waits as long as paused.</summary>
    void Obey()
    {
        while (Volatile.Read(ref Asked) is var asked and not 0)
        {
            if ((asked & InterruptAsked) != 0)
                throw new Trap(TrapKind.Interrupted);
            lock (_gate)
            {
                // It may be resumed and paused again before this thread wakes.
                for (; Asked == PauseAsked; Monitor.Wait(_gate))
                    _rest!.TrySetResult();
            }
        }
    }

    /// <summary>Nobody is inside any more.</summary>
    void TellOfRest()
    {
        lock (_gate)
        {
            _rest?.TrySetResult();
            PassTurn();
        }
    }

    void Ask(int what)
    {
        Volatile.Write(ref Asked, Asked | what);
        Interlocked.MemoryBarrierProcessWide();
        Volatile.Write(ref HoldFloor, long.MaxValue);
        if (what == InterruptAsked)
        {
            Volatile.Write(ref Interrupted, 1);
            Volatile.Write(ref FuelFloor, long.MaxValue);
        }

        Volatile.Write(ref StackLimit, Shut);
        Volatile.Read(ref Sleeper)?.Wake();
    }

    /// <summary>The stack limit is the guest's thread's to publish again, when it finds it shut for no reason.</summary>
    void Withdraw(int what)
    {
        lock (_gate)
        {
            var left = Asked & ~what;
            if (what == InterruptAsked)
            {
                Volatile.Write(ref FuelFloor, 0);
                Volatile.Write(ref Interrupted, 0);
            }

            if (left == 0)
                Volatile.Write(ref HoldFloor, 0);
            Volatile.Write(ref Asked, left);
        }
    }
}

using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// What compiled code looks at to know whether it may go on: every function compares its stack pointer with <see cref="StackLimit"/> on entry,
/// every loop iteration reads <see cref="Interrupted"/>. An interruption also raises the limit to the top of the address space, so that
/// the one compare at function entry notices both.
/// </summary>
sealed class Guard(int stackBytes, HeapBudget heap)
{
    /// <summary>No stack pointer is above this: nothing may be entered.</summary>
    static readonly nuint Shut = nuint.MaxValue;

    readonly Lock _gate = new();
    nuint _ownLimit = Shut;
    int _depth;
    int _thread;
    bool _closed;
    InterpreterStack? _interpreter;

    /// <summary>Lowest stack address a function may be entered at; read by compiled code.</summary>
    internal nuint StackLimit = Shut;

    /// <summary>Not zero when the guest must stop; read by compiled code.</summary>
    internal int Interrupted;

    /// <summary>Counts what guests keep on the .NET heap; read by compiled code.</summary>
    internal readonly HeapBudget Heap = heap;

    /// <summary>What the store's thread waits for, if it does.</summary>
    internal Waiter? Sleeper;

    /// <summary>Instructions left; read and written by code compiled with fuel.</summary>
    internal long Fuel;

    /// <summary>Whether a guest of the store is running, or waits for its host.</summary>
    internal bool IsRunning => _depth > 0;

    /// <summary>Frames of interpreted functions; made when the first is called.</summary>
    internal InterpreterStack Interpreter => _interpreter ??= new(stackBytes, this);

    /// <summary>Whether a trap keeps the variables and operands of the interpreted functions it went through.</summary>
    internal bool InspectsTraps;

    /// <summary>Opens the store for a call from the host on this thread. Pair with <see cref="Leave"/>.</summary>
    internal Activation Enter()
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(Store));
        // Compiled code asks only where it calls or loops; a function that does neither must not be entered.
        if (Volatile.Read(ref Interrupted) != 0)
            throw new Trap(TrapKind.Interrupted);
        var outer = new Activation(_ownLimit, _thread);
        var thread = Environment.CurrentManagedThreadId;
        // A nested call on the same thread goes on with the outer one's budget; on another thread that limit means nothing.
        if (_depth++ == 0 || thread != _thread)
        {
            _thread = thread;
            Publish(StackBounds.LimitBelowHere(stackBytes));
        }

        return outer;
    }

    internal void Leave(Activation outer)
    {
        _depth--;
        _thread = outer.Thread;
        Publish(_depth == 0 ? Shut : outer.StackLimit);
    }

    internal void Interrupt()
    {
        lock (_gate)
        {
            Volatile.Write(ref Interrupted, 1);
            // Either Publish sees the flag, or its write is visible before ours below: the barrier runs on all processors,
            // so that entering a guest needs none.
            Interlocked.MemoryBarrierProcessWide();
            Volatile.Write(ref StackLimit, Shut);
            Volatile.Read(ref Sleeper)?.Wake();
        }
    }

    internal void ResetInterrupt()
    {
        lock (_gate)
        {
            Volatile.Write(ref Interrupted, 0);
            Volatile.Write(ref StackLimit, _ownLimit);
        }
    }

    internal void Close()
    {
        if (_depth > 0)
            throw new InvalidOperationException("a store cannot be disposed while one of its guests runs: interrupt it and wait for the trap first");
        _closed = true;
        _interpreter?.Dispose();
    }

    /// <summary>The exception for a function that found the stack pointer below the limit.</summary>
    internal static Exception Refuse(Instance instance)
    {
        var guard = instance.Guard;
        if (Volatile.Read(ref guard.Interrupted) != 0)
            return new Trap(TrapKind.Interrupted);
        return guard._depth > 0
            ? new Trap(TrapKind.StackExhausted)
            : new InvalidOperationException("a guest called a function of another store: stores share nothing, link through host functions instead");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Publish(nuint limit)
    {
        _ownLimit = limit;
        Volatile.Write(ref StackLimit, limit);
        if (Volatile.Read(ref Interrupted) != 0)
            Volatile.Write(ref StackLimit, Shut);
    }
}

/// <summary>What <see cref="Guard.Enter"/> found, for <see cref="Guard.Leave"/> to put back.</summary>
readonly record struct Activation(nuint StackLimit, int Thread);

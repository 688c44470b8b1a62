using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// What compiled code looks at to know whether it may go on: every function that calls compares its stack pointer with <see cref="StackLimit"/> on
/// entry, every loop iteration reads <see cref="Asked"/> or, with fuel, <see cref="HoldFloor"/>. Who wants it to stop sets the flag, raises the floor
/// above any fuel and the limit to the top of the address space, so that the one compare at each place notices all.
/// </summary>
sealed partial class Guard(int stackBytes, HeapBudget heap)
{
    /// <summary>No stack pointer is above this: nothing may be entered.</summary>
    static readonly nuint Shut = nuint.MaxValue;

    nuint _ownLimit = Shut;
    int _depth;
    int _thread;
    bool _closed;
    InterpreterStack? _interpreter;

    /// <summary>Lowest stack address a function may be entered at; read by compiled code.</summary>
    internal nuint StackLimit = Shut;

    /// <summary>Not zero when the guest must stop, for a while or for good; read by compiled code.</summary>
    internal int Asked;

    /// <summary>Not zero when the guest must stop for good; read by loops whose code cannot be held.</summary>
    internal int Interrupted;

    /// <summary>Counts what guests keep on the .NET heap; read by compiled code.</summary>
    internal readonly HeapBudget Heap = heap;

    /// <summary>What is left to pay for instructions; read and written by code compiled with fuel.</summary>
    internal long Fuel;

    /// <summary>Whether a guest of the store is running, waits for its host, or is suspended.</summary>
    internal bool IsRunning => _depth > 0 || Volatile.Read(ref _suspended) > 0;

    /// <summary>Frames of interpreted functions; made when the first is called.</summary>
    internal InterpreterStack Interpreter => _interpreter ??=
        new((int)Math.Min(int.MaxValue, stackBytes + (IsDeterministic ? (long)InterpreterStack.MostOfOneFrame : 0)), this);

    /// <summary>Whether a trap keeps the variables and operands of the interpreted functions it went through.</summary>
    internal bool InspectsTraps;

    /// <summary>
    /// An iteration must not begin with less fuel than this when it has paid: zero, or more than there can be when the guest must stop. Read by compiled code.
    /// </summary>
    internal long HoldFloor;

    /// <summary>The same, but raised only when it must stop for good.</summary>
    internal long FuelFloor;

    /// <summary>Bytes of stack that deterministic guests have left, by <see cref="StackCost"/>; read and written by their code.</summary>
    internal long StackLeft;

    /// <summary>Whether a deterministic guest is in the store: what it sees must not depend on the machine.</summary>
    internal bool IsDeterministic { get; private set; }

    internal void BecomeDeterministic()
    {
        IsDeterministic = true;
        Heap.CountCalls();
    }

    /// <summary>Opens the store for a call from the host on this thread. Pair with <see cref="Leave"/>.</summary>
    /// <param name="isMetered">Whether the code counts its instructions.</param>
    internal Activation Enter(bool isMetered)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(Store));
        var outer = new Activation(_ownLimit, _thread, StackLeft);
        var thread = Environment.CurrentManagedThreadId;
        Volatile.Write(ref _depth, _depth + 1);
        // A nested call on the same thread goes on with the outer one's budget; on another thread that limit means nothing.
        if (_depth == 1 || thread != _thread)
        {
            _thread = thread;
            // Deterministic guests have a budget of their own, so it is for the thread's end alone to be far enough.
            Publish(StackBounds.LimitBelowHere(IsDeterministic ? int.MaxValue : stackBytes));
        }

        StackLeft = _depth == 1 ? stackBytes : StackLeft - StackCost.OfReentry;
        if (_depth == 1)
            Heap.BeginCall();

        // Compiled code asks only where it calls or loops; a function that does neither must not be entered.
        if (Volatile.Read(ref Asked) != 0 || (isMetered && Fuel <= 0) || (StackLeft < 0 && IsDeterministic))
            Hold(outer, isMetered);
        return outer;
    }

    internal void Leave(Activation outer)
    {
        var depth = _depth - 1;
        StackLeft = outer.StackLeft;
        Publish(depth == 0 ? Shut : outer.StackLimit);
        if (depth > 0)
            _thread = outer.Thread;
        // From here on the store may be another thread's.
        Volatile.Write(ref _depth, depth);
        if (depth == 0 && (Volatile.Read(ref Asked) | Volatile.Read(ref _turnsWanted)) != 0)
            TellOfRest();
    }

    internal void Close()
    {
        if (_depth > 0)
            throw new InvalidOperationException("a store cannot be disposed while one of its guests runs: interrupt it and wait for the trap first");
        lock (_gate)
        {
            _closed = true;
            TellOfEnd();
        }

        _interpreter?.Dispose();
    }

    /// <summary>Takes the price of work that goes by size.</summary>
    /// <exception cref="Trap">Less than nothing is left.</exception>
    internal void Pay(long fuel)
    {
        Fuel -= fuel;
        if (Fuel < 0)
            throw new Trap(TrapKind.FuelExhausted);
    }

    void Hold(Activation outer, bool isMetered)
    {
        try
        {
            Obey();
            if (IsDeterministic && StackLeft < 0)
                throw new Trap(TrapKind.StackExhausted);
            if (isMetered && Fuel <= 0)
                throw new Trap(TrapKind.FuelExhausted);
        }
        catch
        {
            Leave(outer);
            throw;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Publish(nuint limit)
    {
        _ownLimit = limit;
        Volatile.Write(ref StackLimit, limit);
        if (Volatile.Read(ref Asked) != 0)
            Volatile.Write(ref StackLimit, Shut);
    }
}

/// <summary>What <see cref="Guard.Enter"/> found, for <see cref="Guard.Leave"/> to put back.</summary>
readonly record struct Activation(nuint StackLimit, int Thread, long StackLeft);

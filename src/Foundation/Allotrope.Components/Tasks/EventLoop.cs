using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// The threads of a store's guests that wait, in the order in which they began to. Each turn goes to the first that is ready. A turn is taken while the host
/// waits for a call of its own: what is left after that waits for the host's next call.
/// </summary>
sealed class EventLoop
{
    /// <summary>Bytes of stack that waiting threads may have left behind together.</summary>
    const long MostParked = 64 << 20;

    static readonly ConditionalWeakTable<Store, EventLoop> Known = [];

    readonly Store _store;
    readonly LinkedList<GuestThread> _waiting = [];
    readonly Lock _turns = new();
    TaskCompletionSource _outside = NewSignal();
    long _parked;

    EventLoop(Store store) => _store = store;

    internal static EventLoop Of(Store store) => Known.GetValue(store, static each => new EventLoop(each));

    internal void Add(GuestThread thread) => _waiting.AddLast(thread.Place);

    internal void Remove(GuestThread thread) => _waiting.Remove(thread.Place);

    /// <summary>A thread has left its stack.</summary>
    /// <exception cref="ComponentTrap">All together have left more than they may.</exception>
    internal void Park(int bytes)
    {
        _parked += bytes;
        if (_parked > MostParked)
            throw new ComponentTrap("the threads that wait have too much on their stacks");
    }

    internal void Unpark(int bytes) => _parked -= bytes;

    /// <summary>The thread waits for a task of the host, during which its task and its instance's synchronous calls stand still.</summary>
    internal void WaitOutside(GuestThread thread, Pending pending)
    {
        thread.IsOutside = true;
        thread.Wait(() => pending.IsCompleted, isCancellable: false);
        pending.OnCompleted(Signal);
    }

    /// <summary>
    /// Gives turns until a synchronous call has its result: to threads of its instance alone, and to none that share a stack, whether or not one of those
    /// has it now.
    /// </summary>
    /// <exception cref="ComponentTrap">None of them can go on.</exception>
    internal void RunSynchronously(GuestTask task)
    {
        while (task.State != TaskState.Resolved)
        {
            var signal = Volatile.Read(ref _outside).Task;
            if (First(thread => thread.Instance == task.Instance && !thread.IsShared && thread.IsReady) is { } next)
                next.Resume();
            else if (First(thread => thread.Instance == task.Instance && thread.IsOutside) is not null)
                Block(signal);
            else
                throw new ComponentTrap("cannot block a synchronous task before returning: no other thread of its instance can go on");
        }
    }

    /// <summary>Calls a function for the host; the thread waits where guests wait for tasks of the host.</summary>
    /// <exception cref="ComponentTrap">The guest traps, or waits for what cannot happen any more.</exception>
    internal void Complete(LiftedFunction function, HostSide side)
    {
        lock (_turns)
        {
            GuestTask.Begin(function, null, side);
            while (!side.IsResolved)
            {
                var signal = Volatile.Read(ref _outside).Task;
                if (!TryTurn())
                    Block(signal);
            }
        }
    }

    /// <summary>The same, without a thread where guests wait for tasks of the host.</summary>
    internal async ValueTask CompleteAsync(LiftedFunction function, HostSide side)
    {
        lock (_turns)
            GuestTask.Begin(function, null, side);
        while (true)
        {
            var signal = Volatile.Read(ref _outside).Task;
            lock (_turns)
            {
                while (!side.IsResolved && TryTurn())
                {
                }

                if (side.IsResolved)
                    return;
            }

            await signal;
        }
    }

    /// <summary>Gives a turn to the first that is ready.</summary>
    /// <returns>False when none is, but some wait for tasks of the host.</returns>
    /// <exception cref="ComponentTrap">Nobody can go on any more.</exception>
    bool TryTurn()
    {
        if (First(thread => thread.Instance.MayEnterFrom(null) && thread.IsReady) is { } thread)
        {
            thread.Instance.EnterFrom(null);
            thread.Resume();
            thread.Instance.LeaveTo(null);
            return true;
        }

        return First(each => each.IsOutside) is not null ? false
            : throw new ComponentTrap("deadlock detected: event loop cannot make further progress");
    }

    GuestThread? First(Func<GuestThread, bool> isWanted)
    {
        for (var place = _waiting.First; place is not null; place = place.Next)
        {
            if (isWanted(place.Value))
                return place.Value;
        }

        return null;
    }

    /// <summary>A task of the host has ended; on any thread.</summary>
    void Signal() => Interlocked.Exchange(ref _outside, NewSignal()).TrySetResult();

    [SuppressMessage("Usage", "VSTHRD002", Justification = "the host's call is synchronous: its thread waits")]
    void Block(Task signal)
    {
        if (!signal.IsCompleted)
            _store.Blocking?.Invoke(signal);
        signal.GetAwaiter().GetResult();
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// The threads of guests that wait, of a store or of several whose guests call one another, in the order in which they began to. Each turn goes to the first that is ready. A turn is taken while the host
/// waits for a call of its own: what is left after that waits for the host's next call.
/// </summary>
sealed class EventLoop
{
    static readonly ConditionalWeakTable<Store, EventLoop> Known = [];

    readonly LinkedList<GuestThread> _waiting = [];
    readonly LinkedList<HostResult> _results = [];
    readonly Lock _turns = new();
    TaskCompletionSource _outside = NewSignal();
    EventLoop? _into;

    EventLoop()
    {
    }

    /// <summary>The loop that has taken over what this one had; itself, if none has.</summary>
    internal EventLoop Current => _into is null ? this : _into = _into.Current;

    internal static EventLoop Of(Store store) => Known.GetValue(store, static _ => new EventLoop()).Current;

    /// <summary>Takes over what another one has: instances of one store call such of the other, and wait for them.</summary>
    internal void TakeOver(EventLoop other)
    {
        if (other == this)
            return;
        other._into = this;
        while (other._waiting.First is { } thread)
        {
            other._waiting.Remove(thread);
            _waiting.AddLast(thread);
        }

        foreach (var result in other._results)
            _results.AddLast(result);
        other._results.Clear();
        other.Signal();
    }

    internal void Add(GuestThread thread) => _waiting.AddLast(thread.Place);

    internal void Remove(GuestThread thread) => _waiting.Remove(thread.Place);

    /// <summary>Has a call resolved with what a task of the host gives, now or in a turn.</summary>
    /// <param name="caller">The instance that called.</param>
    /// <param name="task">The task.</param>
    /// <param name="resolve">Takes what it gives.</param>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "it is there")]
    internal void Resolve(InstanceState caller, Task<object?> task, Action<object?> resolve)
    {
        if (task.IsCompleted)
        {
            resolve(task.GetAwaiter().GetResult());
            return;
        }

        _results.AddLast(new HostResult(caller, task, resolve));
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Signal);
    }

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
            else if (First(thread => thread.Instance == task.Instance && !thread.IsShared && thread.IsOutside) is not null)
                Block(task.Instance.Store, signal);
            else
                throw new ComponentTrap("cannot block a synchronous task before returning: no other thread of its instance can go on");
        }
    }

    /// <summary>Does something of the host between turns, and has whoever waits look again.</summary>
    internal void Interject(Action action)
    {
        lock (_turns)
            action();
        Signal();
    }

    /// <summary>Calls a function for the host; the thread waits where guests wait for tasks of the host.</summary>
    /// <exception cref="ComponentTrap">The guest traps, or waits for what cannot happen any more.</exception>
    internal void Complete(LiftedFunction function, HostSide side)
    {
        Begin(function, side);
        while (!Current.TakeTurns(function.Instance, side, out var signal))
            Block(function.Instance.Store, signal);
    }

    /// <summary>The same, without a thread where guests wait for tasks of the host.</summary>
    internal async ValueTask CompleteAsync(LiftedFunction function, HostSide side)
    {
        Begin(function, side);
        while (!Current.TakeTurns(function.Instance, side, out var signal))
        {
            await signal.ConfigureAwait(false);
            await new ChosenThread(function.Instance.Store.Guard);
        }
    }

    void Begin(LiftedFunction function, HostSide side)
    {
        lock (_turns)
        {
            try
            {
                GuestTask.Begin(function, null, side);
            }
            catch
            {
                Signal(); // other calls in the instance have to be told
                throw;
            }
        }
    }

    /// <summary>Gives turns until a call of the host has its result.</summary>
    /// <param name="called">The instance that it is in.</param>
    /// <param name="side">The call.</param>
    /// <param name="signal">Ends when a task of the host has ended, or a guest has trapped.</param>
    /// <returns>False when it has none, and nobody can go on before.</returns>
    bool TakeTurns(InstanceState called, HostSide side, out Task signal)
    {
        lock (_turns)
        {
            // First: what ends while turns are taken is looked at again.
            signal = Volatile.Read(ref _outside).Task;
            try
            {
                while (!side.IsResolved && TryTurn(called))
                {
                }
            }
            catch
            {
                Signal(); // other calls in the instance have to be told
                throw;
            }

            return side.IsResolved;
        }
    }

    /// <summary>Gives a turn to the first that is ready.</summary>
    /// <returns>False when none is, but some wait for tasks of the host.</returns>
    /// <exception cref="ComponentTrap">Nobody can go on any more, or the called instance has trapped.</exception>
    bool TryTurn(InstanceState called)
    {
        if (!called.MayEnterFrom(null))
            throw new ComponentTrap("the instance trapped in another call meanwhile, so this one cannot end");
        if (_results.FirstOrDefault(static each => each.IsThere && each.IsWanted) is { } result)
        {
            _results.Remove(result);
            result.Give();
            return true;
        }

        if (First(static thread => thread.Instance.MayEnterFrom(null) && thread.IsReady) is { } thread)
        {
            thread.Instance.EnterFrom(null);
            thread.Resume();
            thread.Instance.LeaveTo(null);
            return true;
        }

        return _results.Any(static each => each.IsWanted) || First(static each => each.IsOutside && each.Instance.MayEnterFrom(null)) is not null
            ? false
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
    void Signal()
    {
        Interlocked.Exchange(ref _outside, NewSignal()).TrySetResult();
        _into?.Signal();
    }

    [SuppressMessage("Usage", "VSTHRD002", Justification = "the host's call is synchronous: its thread waits")]
    static void Block(Store store, Task signal)
    {
        if (!signal.IsCompleted)
            store.Blocking?.Invoke(signal);
        signal.GetAwaiter().GetResult();
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

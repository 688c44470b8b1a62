using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A thread of a guest (Canonical ABI, "Threads"), of which one runs at a time: what it does is a row of steps, between which others have their turns. It is
/// suspended, until somebody resumes it, or waits until something is so, which the <see cref="EventLoop"/> looks at.
/// </summary>
sealed class GuestThread
{
    readonly IEnumerator<GuestThread?> _steps;
    Func<bool>? _isReady;

    /// <param name="task">What it works for.</param>
    /// <param name="steps">What it does; each step gives the thread that has its turn at once, or null.</param>
    internal GuestThread(GuestTask task, Func<GuestThread, IEnumerator<GuestThread?>> steps)
    {
        Task = task;
        _steps = steps(this);
        Place = new(this);
    }

    internal GuestTask Task { get; }

    internal InstanceState Instance => Task.Instance;

    /// <summary>Its two values and, of a task's first thread, what the call was lent.</summary>
    internal CallScope Scope => field ??= new CallScope { Thread = this };

    /// <summary>Its number in its instance.</summary>
    internal uint Index { get; set; }

    /// <summary>Its place among those that wait.</summary>
    internal LinkedListNode<GuestThread> Place { get; }

    internal bool IsRunning { get; private set; }

    internal bool IsWaiting => _isReady is not null;

    internal bool IsSuspended => !IsRunning && !IsWaiting;

    internal bool IsReady => _isReady is { } isReady && isReady();

    /// <summary>Whether it waits where it can be told that its task is to end.</summary>
    internal bool IsCancellable { get; private set; }

    /// <summary>Whether it went on because its task is to end.</summary>
    internal bool IsCancelled { get; private set; }

    /// <summary>Whether it is the first of an asynchronous task, and shares its stack with others of its kind.</summary>
    internal bool IsShared => Task.Function.Type.IsAsync && Task.NeedsExclusive && Task.IsFirst(this);

    /// <summary>Whether it waits for a task of the host.</summary>
    internal bool IsOutside { get; set; }

    /// <summary>Who has the next turn, when that is said.</summary>
    internal GuestThread? Next { get; private set; }

    EventLoop Loop => Instance.Tasks.Loop;

    /// <summary>Gives it its turn, and those their turns that it and they pass it to.</summary>
    internal void Resume(bool isCancelled = false)
    {
        StopWaiting();
        for (var thread = this; thread is not null; isCancelled = false)
            thread = thread.Run(isCancelled);
    }

    /// <summary>Makes a suspended one ready.</summary>
    internal void ResumeLater() => Wait(static () => true, IsCancellable);

    /// <summary>From here on it waits; its step must end.</summary>
    internal void Wait(Func<bool> isReady, bool isCancellable)
    {
        (_isReady, IsCancellable) = (isReady, isCancellable);
        Loop.Add(this);
    }

    /// <summary>It waits no more, whether or not what it waited for has come.</summary>
    internal void StopWaiting()
    {
        if (!IsWaiting)
            return;
        _isReady = null;
        IsOutside = false;
        Loop.Remove(this);
    }

    /// <summary>In a function that core code called: waits until something is so.</summary>
    /// <param name="site">Where the code waits.</param>
    /// <param name="isReady">What it waits for.</param>
    /// <param name="isCancellable">Whether it can be told meanwhile that its task is to end.</param>
    /// <param name="finish">Gives the function's result when that is so; is told whether the task is to end instead.</param>
    internal Value WaitUntil(in WaitSite site, Func<bool> isReady, bool isCancellable, Func<bool, Value> finish)
    {
        if (Task.TryDeliverCancellation(isCancellable))
            return finish(true);
        return isReady() ? finish(false) : Leave(site, isReady, null, isCancellable, finish);
    }

    /// <summary>The same, but others have their turns in any case.</summary>
    internal Value Yield(in WaitSite site, bool isCancellable, Func<bool, Value> finish, GuestThread? next = null) =>
        Task.TryDeliverCancellation(isCancellable) ? finish(true) : Leave(site, static () => true, next, isCancellable, finish);

    /// <summary>The same, until somebody resumes it.</summary>
    internal Value Suspend(in WaitSite site, bool isCancellable, Func<bool, Value> finish, GuestThread? next = null) =>
        Task.TryDeliverCancellation(isCancellable) ? finish(true) : Leave(site, null, next, isCancellable, finish);

    Value Leave(in WaitSite site, Func<bool>? isReady, GuestThread? next, bool isCancellable, Func<bool, Value> finish)
    {
        site.Leave(() => finish(IsCancelled));
        (Next, IsCancellable) = (next, isCancellable);
        if (isReady is not null)
            Wait(isReady, isCancellable);
        return site.Nothing;
    }

    GuestThread? Run(bool isCancelled)
    {
        (IsRunning, IsCancelled, IsCancellable, Next) = (true, isCancelled, false, null);
        var outer = Instance.Current;
        Instance.Current = Scope;
        try
        {
            return _steps.MoveNext() ? _steps.Current : null;
        }
        finally
        {
            Instance.Current = outer;
            IsRunning = false;
        }
    }
}

using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>One call of a component's function (Canonical ABI, "Tasks"): its threads, what it was lent, and whether its caller has what it called for.</summary>
sealed class GuestTask
{
    readonly ICallSide _caller;
    readonly GuestThread _implicit;
    readonly List<GuestThread> _threads = [];

    GuestTask(LiftedFunction function, ICallSide caller)
    {
        (Function, _caller) = (function, caller);
        _implicit = new GuestThread(this, thread => new LiftedRun(this, thread).Steps());
    }

    internal LiftedFunction Function { get; }

    internal InstanceState Instance => Function.Instance;

    internal TaskState State { get; private set; }

    /// <summary>Whether the callee has its arguments.</summary>
    internal bool HasArguments { get; set; }

    /// <summary>Whether only one of its kind may be in the instance at a time, as it shares a stack with those.</summary>
    internal bool NeedsExclusive => !Function.Options.IsAsync || Function.Options.Callback is not null;

    InstanceTasks Tasks => Instance.Tasks;

    /// <summary>Calls a function: it runs until it waits or ends, and a synchronous one until it has its result.</summary>
    internal static GuestTask Begin(LiftedFunction function, InstanceState? caller, ICallSide side)
    {
        var task = new GuestTask(function, side);
        task.Instance.EnterFrom(caller);
        try
        {
            task._implicit.Resume();
        }
        catch (Exception e) when (caller is null && !task.HasArguments && e is not (Trap or ComponentTrap))
        {
            // What is wrong with the host's arguments is not the guest's fault: it can be entered again.
            task.Abandon();
            task.Instance.LeaveTo(caller);
            throw;
        }

        if (!function.Type.IsAsync)
            task.Tasks.Loop.RunSynchronously(task);
        task.Instance.LeaveTo(caller);
        return task;
    }

    /// <summary>Whether it must wait for its turn.</summary>
    internal bool IsHeldBack => Tasks.IsPressed || (NeedsExclusive && Tasks.Exclusive is not null);

    /// <summary>The function can begin.</summary>
    internal void Enter(GuestThread thread)
    {
        if (Function.Type.IsAsync && NeedsExclusive)
            Tasks.Exclusive = thread;
        Register(thread);
    }

    internal bool IsFirst(GuestThread thread) => thread == _implicit;

    internal object?[] Start()
    {
        State = TaskState.Started;
        return _caller.Start();
    }

    internal void Register(GuestThread thread)
    {
        thread.Index = Tasks.Threads.Add(thread);
        _threads.Add(thread);
    }

    /// <exception cref="ComponentTrap">It was the last, and the task has no result.</exception>
    internal void Unregister(GuestThread thread)
    {
        _threads.Remove(thread);
        if (_threads.Count == 0 && State != TaskState.Resolved)
            throw new ComponentTrap("a task ended without a result: its function must call `task.return` or `task.cancel` first");
        Tasks.Threads.Remove(thread.Index);
    }

    internal void Exit(GuestThread thread)
    {
        Unregister(thread);
        if (Function.Type.IsAsync && NeedsExclusive)
            Tasks.Exclusive = null;
    }

    /// <summary>Gives the result to the caller.</summary>
    internal void Return(object? result)
    {
        if (State == TaskState.Resolved)
            throw new ComponentTrap("`task.return` called more than once for current task");
        _implicit.Scope.RequireGivenBack();
        _caller.Resolve(result);
        State = TaskState.Resolved;
    }

    /// <summary>Ends without a result, as the caller wanted.</summary>
    internal void Cancel()
    {
        if (State != TaskState.CancelDelivered)
            throw new ComponentTrap("`task.cancel` called by task which has not been cancelled");
        _implicit.Scope.RequireGivenBack();
        _caller.ResolveCancelled();
        State = TaskState.Resolved;
    }

    /// <summary>The caller wants it to end. It is told at once if it waits where that can be told, and else where it can.</summary>
    internal void RequestCancellation(InstanceState caller)
    {
        if (State == TaskState.Initial)
        {
            State = TaskState.CancelDelivered;
            _implicit.Resume(isCancelled: true);
            return;
        }

        var mayNotResume = NeedsExclusive && Tasks.Exclusive is { } other && other != _implicit;
        var told = _threads.Find(thread => thread.IsCancellable && !(mayNotResume && thread == _implicit));
        if (told is null || !Instance.MayEnterFrom(caller))
        {
            State = TaskState.CancelPending;
            return;
        }

        State = TaskState.CancelDelivered;
        Instance.EnterFrom(caller);
        told.Resume(isCancelled: true);
        Instance.LeaveTo(caller);
    }

    /// <summary>Tells the task that its caller wants it to end, if that is so and may be told here.</summary>
    internal bool TryDeliverCancellation(bool isCancellable)
    {
        if (!isCancellable || State != TaskState.CancelPending)
            return false;
        State = TaskState.CancelDelivered;
        return true;
    }

    /// <summary>As if it had not been called.</summary>
    void Abandon()
    {
        foreach (var thread in _threads)
            Tasks.Threads.Remove(thread.Index);
        if (Tasks.Exclusive == _implicit)
            Tasks.Exclusive = null;
    }
}

using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The functions of threads (Canonical ABI, <c>thread.*</c>).</summary>
static class ThreadFunctions
{
    internal static ValueCall Create(InstanceState instance, Definition.BuiltIn definition) => definition.Intrinsic switch
    {
        Intrinsic.ThreadIndex => (_, _, results) =>
        {
            instance.RequireMayLeave();
            results[0] = Value.FromInt32((int)instance.RequireThread().Index);
        },
        Intrinsic.ThreadNewIndirect => (_, arguments, results) => results[0] = Value.FromInt32((int)Make(instance, definition, arguments)),
        Intrinsic.ThreadResumeLater => (_, arguments, _) =>
        {
            instance.RequireMayLeave();
            SuspendedAt(instance, arguments[0]).ResumeLater();
        },
        _ => (caller, arguments, results) =>
        {
            instance.RequireMayLeave();
            results[0] = Pass(instance, definition, new(caller, definition.CoreType), arguments);
        },
    };

    /// <summary>Gives up the turn.</summary>
    static Value Pass(InstanceState instance, Definition.BuiltIn definition, in WaitSite site, ReadOnlySpan<Value> arguments)
    {
        var thread = instance.RequireThread();
        switch (definition.Intrinsic)
        {
            case Intrinsic.ThreadYield: return thread.Yield(site, definition.Flag, Told);
            case Intrinsic.ThreadSuspend: return thread.Suspend(site, definition.Flag, Told);
            case Intrinsic.ThreadYieldThenResume: return thread.Yield(site, definition.Flag, Told, SuspendedAt(instance, arguments[0]));
            case Intrinsic.ThreadSuspendThenResume: return thread.Suspend(site, definition.Flag, Told, SuspendedAt(instance, arguments[0]));
        }

        var other = ThreadAt(instance, arguments[0]);
        // It waits no more only if this one leaves; who is told of its end does not.
        var next = other.IsReady ? other : null;
        if (thread.Task.TryDeliverCancellation(definition.Flag))
            return Told(true);
        next?.StopWaiting();
        return definition.Intrinsic == Intrinsic.ThreadSuspendThenPromote
            ? thread.Suspend(site, definition.Flag, Told, next)
            : thread.Yield(site, definition.Flag, Told, next);
    }

    static Value Told(bool isCancelled) => Value.FromInt32(isCancelled ? 1 : 0);

    static uint Make(InstanceState instance, Definition.BuiltIn definition, ReadOnlySpan<Value> arguments)
    {
        instance.RequireMayLeave();
        var argument = arguments[1];
        var task = instance.RequireThread().Task;
        var wanted = FunctionType.Of([definition.CoreType.Parameters[1]], []);
        if (instance.CoreTables[definition.Slot][(ulong)Flat.FromValue(arguments[0])] is not Function function || function.Type != wanted)
            throw new ComponentTrap($"the function of a new thread must be of type {wanted}");
        var thread = new GuestThread(task, thread => Steps(thread, function, argument));
        task.Register(thread);
        return thread.Index;
    }

    static IEnumerator<GuestThread?> Steps(GuestThread thread, Function function, Value argument)
    {
        for (var call = new CoreCall(thread, function, [argument], []); !call.Run();)
            yield return thread.Next;
        thread.Task.Unregister(thread);
    }

    static GuestThread ThreadAt(InstanceState instance, Value index) =>
        instance.Tasks.Threads.Find((uint)index.AsInt32()) ?? throw new ComponentTrap($"unknown thread index {index.AsInt32()}");

    static GuestThread SuspendedAt(InstanceState instance, Value index) => ThreadAt(instance, index) is { IsSuspended: true } thread
        ? thread
        : throw new ComponentTrap($"cannot resume thread {index.AsInt32()} which is not suspended");
}

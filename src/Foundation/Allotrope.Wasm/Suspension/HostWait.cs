using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Allotrope.Wasm;

/// <summary>What happens to the task that a host function gave its guest: it is over, the guest is suspended, or the thread waits.</summary>
[SuppressMessage("Usage", "VSTHRD002", Justification = "the thread waits where a guest cannot be suspended")]
static class HostWait
{
    static readonly MethodInfo TakeNothing = Members.Method(typeof(HostWait), nameof(Take), typeof(ValueTask), typeof(HostBinding));

    /// <summary>The method that takes the result of a task with such a one.</summary>
    internal static MethodInfo TakerOf(Type result) => result == typeof(void) ? TakeNothing : Members.Generic(typeof(HostWait), nameof(Take), result);

    /// <summary>The result of a host function; anything when the guest is suspended.</summary>
    internal static T Take<T>(ValueTask<T> task, HostBinding binding) => task.IsCompletedSuccessfully ? task.Result : Wait(task, binding);

    /// <inheritdoc cref="Take{T}"/>
    internal static void Take(ValueTask task, HostBinding binding)
    {
        if (task.IsCompletedSuccessfully)
            task.GetAwaiter().GetResult();
        else
            Wait(task, binding);
    }

    static T Wait<T>(ValueTask<T> task, HostBinding binding)
    {
        if (!task.IsCompleted && SuspenderOf(binding) is { } guard)
        {
            guard.Suspend(new Pending.Of<T>(task));
            return default!;
        }

        var waiting = task.AsTask();
        Block(waiting, binding);
        return waiting.GetAwaiter().GetResult();
    }

    static void Wait(ValueTask task, HostBinding binding)
    {
        if (!task.IsCompleted && SuspenderOf(binding) is { } guard)
        {
            guard.Suspend(new Pending.OfNothing(task));
            return;
        }

        var waiting = task.AsTask();
        Block(waiting, binding);
        waiting.GetAwaiter().GetResult();
    }

    /// <summary>Waits as the store's host has it, if it wants to know.</summary>
    static void Block(Task task, HostBinding binding)
    {
        if (!task.IsCompleted)
            binding.Caller?.Guard.Blocking?.Invoke(task);
    }

    static Guard? SuspenderOf(HostBinding binding) => binding is { MaySuspend: true, Caller.Guard: var guard } && guard.MaySuspend ? guard : null;
}

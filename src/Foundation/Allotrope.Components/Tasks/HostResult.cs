using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Components;

/// <summary>What a task of the host is to give a guest that does not wait for it in the middle of its code.</summary>
/// <param name="caller">The guest.</param>
/// <param name="task">The task.</param>
/// <param name="resolve">Takes what it gives.</param>
sealed class HostResult(InstanceState caller, Task<object?> task, Action<object?> resolve)
{
    internal bool IsThere => task.IsCompleted;

    /// <summary>Whether the guest has not trapped meanwhile.</summary>
    internal bool IsWanted => caller.MayEnterFrom(null);

    /// <summary>Gives it, once it is there. What the task failed with is thrown, and the guest cannot be entered again.</summary>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "it is there")]
    internal void Give()
    {
        caller.EnterFrom(null);
        resolve(task.GetAwaiter().GetResult());
        caller.LeaveTo(null);
    }
}

namespace Allotrope.Components;

/// <summary>How far a task is.</summary>
enum TaskState
{
    /// <summary>It waits for its turn.</summary>
    Initial,
    Started,

    /// <summary>Its caller wants it to end, and it does not know yet.</summary>
    CancelPending,
    CancelDelivered,
    Resolved,
}

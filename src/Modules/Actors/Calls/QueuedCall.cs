namespace Allotrope.Actors;

/// <summary>A call that runs on a guest thread, perhaps after waiting for an instance.</summary>
/// <param name="deadline">When it is over if it has not begun, on the monitor's clock.</param>
/// <param name="cancellation">Says that nobody wants the answer any more.</param>
abstract class QueuedCall(long deadline, CancellationToken cancellation) : GuestWork
{
    protected long Deadline => deadline;

    protected CancellationToken Cancellation => cancellation;

    /// <summary>It has run long, and does not get in the way of others any more.</summary>
    public virtual bool IsLong => false;

    /// <summary>Whether nobody would want the answer any more.</summary>
    public bool IsOver(long now) => now >= deadline || cancellation.IsCancellationRequested;

    /// <summary>Ends a call that never ran.</summary>
    public abstract void GiveUp();
}

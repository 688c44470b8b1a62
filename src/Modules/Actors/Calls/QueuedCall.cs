namespace Allotrope.Actors;

/// <summary>What a call did not get in time.</summary>
enum Shortage
{
    /// <summary>An instance of its workload.</summary>
    Instance,

    /// <summary>One of the threads that its workload may have.</summary>
    Turn,

    /// <summary>One of the threads for calls that compute, of which its workload has its share.</summary>
    Share,

    /// <summary>One of the threads for guests, whosoever.</summary>
    Thread,
}

/// <summary>A call that runs on a guest thread, perhaps after waiting for an instance.</summary>
/// <param name="deadline">When it is over if it has not begun, on the monitor's clock.</param>
/// <param name="cancellation">Says that nobody wants the answer any more.</param>
abstract class QueuedCall(long deadline, CancellationToken cancellation) : GuestWork
{
    protected long Deadline => deadline;

    protected CancellationToken Cancellation => cancellation;

    /// <summary>It has run long, or its workload is known for that: it does not get in the way of others.</summary>
    public abstract bool IsSlow { get; }

    /// <summary>It has had a thread.</summary>
    protected abstract bool HasBegun { get; }

    /// <summary>Whether nobody would want the answer any more.</summary>
    public sealed override bool IsOver(long now) => !HasBegun && (now >= deadline || cancellation.IsCancellationRequested);

    public sealed override void Execute(GuestRun run)
    {
        // When it was put in the lane, nobody may have known yet.
        if (!IsSlow || run.Thread is not { } thread || !thread.TryDefer())
            Run(run);
    }

    public sealed override void GiveUp(bool hasShare) => GiveUp(hasShare ? Shortage.Share : Shortage.Thread);

    /// <summary>Ends a call that never ran, because it <see cref="IsOver"/>.</summary>
    public abstract void GiveUp(Shortage shortage);

    /// <inheritdoc cref="GuestWork.Execute"/>
    protected abstract void Run(GuestRun run);

    protected static string Sentence(string who, string what, Shortage shortage) => shortage switch
    {
        Shortage.Instance => $"{who} had no instance free for {what} within the call's time; raise its instances or call less.",
        Shortage.Turn =>
            $"{who} had no thread free for {what} within the call's time: {ActorLimits.ConcurrentCalls} calls before it compute, or wait where they cannot be suspended; " +
            "call it less, or let it do less in a call.",
        Shortage.Share =>
            $"{who} had no thread free for {what} within the call's time: its calls that compute have all {GuestThreads.SlowShare} that one workload gets; " +
            "call it less, let it do less in a call, or give the node more processors.",
        _ =>
            $"This node had no thread free for {what} of {who} within the call's time: other calls compute, or wait where they cannot be suspended; " +
            "give it more processors or less to do.",
    };
}

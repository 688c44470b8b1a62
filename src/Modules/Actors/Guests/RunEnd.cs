namespace Allotrope.Actors;

/// <summary>How a run went, as the monitor saw it.</summary>
/// <param name="Stop">Why the guest was interrupted, if it was.</param>
/// <param name="Long">It used the processor for longer than <see cref="ActorLimits.LongRun"/>.</param>
/// <param name="Blocked">It waited in a host call.</param>
readonly record struct RunEnd(StopReason Stop, bool Long, bool Blocked);

enum StopReason
{
    None,

    /// <summary>The call's time is over.</summary>
    Time,

    /// <summary>The caller no longer wants the answer.</summary>
    Cancelled,
}

namespace Allotrope.Actors;

/// <summary>Something that runs a guest, and therefore runs watched: on a guest thread, or on the caller's when that is known to be safe.</summary>
abstract class GuestWork
{
    /// <summary>Does the work. Never throws: whoever waits for the outcome is told by the work itself.</summary>
    /// <param name="run">The watch over this thread; the work begins and ends it.</param>
    public abstract void Execute(GuestRun run);
}

namespace Allotrope.Actors;

/// <summary>Something that runs a guest, and therefore runs watched: on a guest thread, or on the caller's when that is known to be safe.</summary>
abstract class GuestWork
{
    /// <summary>Whose it is, for lanes that let each have so many of their threads; null: nobody's in particular.</summary>
    public virtual object? Owner => null;

    /// <summary>Does the work. Never throws: whoever waits for the outcome is told by the work itself.</summary>
    /// <param name="run">The watch over this thread; the work begins and ends it.</param>
    public abstract void Execute(GuestRun run);

    /// <summary>Whether it is not worth beginning any more, after it has waited for a thread.</summary>
    public virtual bool IsOver(long now) => false;

    /// <summary>Ends it instead of beginning, because it is over.</summary>
    /// <param name="hasShare">Its owner has all the threads that one may have; otherwise, there were none for anybody.</param>
    public virtual void GiveUp(bool hasShare)
    {
    }

    /// <summary>The guest has used the processor for long. Told by the monitor while the work runs.</summary>
    public virtual void TurnLong()
    {
    }
}

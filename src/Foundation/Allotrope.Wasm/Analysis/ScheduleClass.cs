namespace Allotrope.Wasm;

/// <summary>How a scheduler may treat a call, from the most to the least predictable.</summary>
public enum ScheduleClass
{
    /// <summary>Ends by itself within a number of instructions that is known, and waits for nobody.</summary>
    Bounded,

    /// <summary>As <see cref="Bounded"/> between calls of its imports: ends when those do.</summary>
    HostBound,

    /// <summary>Nothing proves that it ends: to be run with a deadline or fuel.</summary>
    Unbounded,
}

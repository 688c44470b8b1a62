namespace Allotrope.Wasm;

/// <summary>How compiled code keeps loads and stores inside the memory. Results and traps are the same in every mode.</summary>
public enum MemoryChecks
{
    /// <summary>Guard pages where this process was seen to handle them, compares elsewhere.</summary>
    Automatic,

    /// <summary>Compares an address with the memory's length before it is used.</summary>
    Explicit,

    /// <summary>
    /// Lets the processor find out: behind a memory lie addresses that belong to nobody, and touching one is the trap. Only memories with 32-bit
    /// addresses can have that; others are checked as with <see cref="Explicit"/>, and so is code whose traces tell the instruction (<see cref="CompileOptions.ExactTraces"/>).
    /// </summary>
    Guarded,
}

namespace Allotrope.Wasm;

/// <summary>How a module's functions are run. Results, fuel and traps are the same in all of them, but for how deep calls may be nested.</summary>
public enum Tier
{
    /// <summary>The engine chooses. It compiles, which takes the least time in all; <see cref="Tiered"/> gives first answers sooner.</summary>
    Automatic,

    /// <summary>All functions are interpreted: nothing is compiled, and a trap can show variables and operands.</summary>
    Interpreted,

    /// <summary>All functions are compiled, each at its first call.</summary>
    Compiled,

    /// <summary>
    /// Functions begin interpreted. Those that are called or loop often are compiled on a thread of the engine's and from then on entered compiled, also
    /// from the middle of a loop. What is compiled for suspension or sampling, or calls others in its own place through tables, references or imports, is
    /// compiled at once.
    /// </summary>
    Tiered,
}

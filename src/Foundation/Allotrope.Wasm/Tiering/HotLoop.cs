namespace Allotrope.Wasm;

/// <summary>A loop of an interpreted function, which the guest may leave the interpreter at.</summary>
/// <param name="at">Where it begins in the module.</param>
/// <param name="isEnterable">Whether compiled code can be entered there.</param>
sealed class HotLoop(int at, bool isEnterable)
{
    CompiledModule? _code;

    /// <summary>Operands below a loop that is entered: each is loaded by code of its own.</summary>
    internal const int MostOperands = 64;

    /// <summary>
    /// Loops of one function that can be entered. The code for each is all of the function: a guest that goes round in every loop of as many waiting calls
    /// would have it made as often as there are loops. One is made at a time, as most guests leave the interpreter by the first.
    /// </summary>
    internal const int MostEntered = 8;

    internal int At { get; } = at;

    internal bool IsEnterable { get; } = isEnterable;

    /// <summary>Whether it was asked for.</summary>
    internal bool IsWanted { get; set; }

    /// <summary>A method that goes on with the function there; zero until there is one. It lives as long as this object.</summary>
    internal nint Entry;

    internal void Publish(nint entry, CompiledModule code)
    {
        _code = code;
        Volatile.Write(ref Entry, entry);
    }
}

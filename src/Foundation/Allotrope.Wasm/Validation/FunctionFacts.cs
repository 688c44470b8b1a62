namespace Allotrope.Wasm;

/// <summary>What the validator learns about a function that the compiler must know before its first instruction.</summary>
sealed class FunctionFacts
{
    /// <summary>Types of parameters and locals.</summary>
    internal WasmType[] Locals { get; set; } = [];

    internal bool HasLoop { get; set; }

    /// <summary>Calls something that may call back: a function without calls cannot recurse.</summary>
    internal bool HasCall { get; set; }

    /// <summary>Where the loops begin in which something is called: their code may be held there at no cost.</summary>
    internal HashSet<int> CallingLoops { get; } = [];

    /// <summary>Of the first 64 locals those that something is loaded by, a bit for each: compiled code keeps them as wide as addresses.</summary>
    internal ulong Addresses { get; set; }

    /// <summary>The loops, in the order in which they begin, and which locals may change in each; null when there are none.</summary>
    internal List<LoopFacts>? Loops { get; set; }

    /// <summary>The locals that may change in the loop that begins there, a bit for each.</summary>
    internal ulong AssignedIn(int loop) => Loops![Loops.BinarySearch(new(loop, 0))].Assigned;

    /// <summary>Catches exceptions: then nothing in it may return on the spot.</summary>
    internal bool HasTry { get; set; }

    /// <summary>Calls what may not be the module's own in its own place.</summary>
    internal bool LeavesForOthers { get; set; }

    /// <summary>Makes objects on the .NET heap, which are counted.</summary>
    internal bool MakesObjects { get; set; }

    /// <summary>The memories it uses, a bit for each.</summary>
    internal ulong Memories { get; set; }

    /// <summary>Whether it has vectors among its variables and operands, which take twice the room of others.</summary>
    internal bool UsesVectors { get; set; }

    /// <summary>How many vector instructions it has.</summary>
    internal int VectorInstructions { get; set; }

    /// <summary>Most operands at a time.</summary>
    internal int MaxOperands { get; set; }

    /// <summary>Most values at a time that open blocks take and give: their branches carry them in temporaries.</summary>
    internal int MaxCarried { get; set; }

    /// <summary>Values in one tuple of each signature with several results that it calls or has.</summary>
    internal int TupleValues { get; set; }
}

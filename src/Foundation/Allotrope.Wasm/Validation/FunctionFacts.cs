namespace Allotrope.Wasm;

/// <summary>What the validator learns about a function that the compiler must know before its first instruction.</summary>
sealed class FunctionFacts
{
    /// <summary>Types of parameters and locals.</summary>
    internal ValueKind[] Locals { get; set; } = [];

    internal bool HasLoop { get; set; }

    /// <summary>Calls something that may call back: a function without calls cannot recurse.</summary>
    internal bool HasCall { get; set; }

    internal bool UsesMemory { get; set; }

    /// <summary>Most operands at a time.</summary>
    internal int MaxOperands { get; set; }
}

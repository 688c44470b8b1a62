using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>A block that has not ended.</summary>
/// <param name="Kind">Block, loop or if.</param>
/// <param name="Type">What it takes and gives.</param>
/// <param name="Height">Operands below it.</param>
/// <param name="Label">Where branches to it go: a loop's beginning, the others' end.</param>
/// <param name="Region">The protected region that the label is in.</param>
sealed record BlockEmission(Opcode Kind, FunctionType Type, int Height, Label Label, TryRegion Region)
{
    /// <summary>
    /// The function itself with at most one result: branches to it return on the spot. Several results are made into a tuple at one place for
    /// all of them, because the just-in-time compiler gives each place that makes one a part of the frame.
    /// </summary>
    internal bool IsReturn { get; init; }

    /// <summary>What it catches, if it does.</summary>
    internal CatchClause[] Catches { get; set; } = [];

    /// <summary>Whether any branch goes to the label.</summary>
    internal bool IsTargeted { get; set; }

    /// <summary>Whether it is a loop in which a local says what fuel is left.</summary>
    internal bool KeepsFuel { get; set; }

    /// <summary>What bounds checks have shown on every way to its end so far; null before the first.</summary>
    internal KnownEnd[]? Known { get; set; }

    /// <summary>What they had shown where an if began.</summary>
    internal KnownEnd[] KnownBefore { get; set; } = [];

    /// <summary>Where an if goes when its condition is zero, until its else or end.</summary>
    internal Label? Otherwise { get; set; }

    /// <summary>The operands an if began with, for its else.</summary>
    internal Operand[] Parameters { get; set; } = [];

    /// <summary>Temporaries for what branches carry; rented with the first branch.</summary>
    internal int[]? Carriers { get; set; }

    /// <summary>What a branch to it takes.</summary>
    internal ReadOnlySpan<WasmType> Branch => (Kind == Opcode.Loop ? Type.Parameters : Type.Results).AsSpan();

    internal int Arity => Branch.Length;
}

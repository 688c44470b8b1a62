using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>
/// A protected region of the .NET method, or all that is outside of any. IL may only fall or branch within it; <c>leave</c> goes out of it. So each
/// has its own places for traps and polls.
/// </summary>
sealed class TryRegion
{
    /// <summary>The region around it.</summary>
    internal TryRegion? Outer { get; init; }

    /// <summary>Calls in it, but not in regions within it, in which the function may be suspended.</summary>
    internal List<SuspensionSite> Sites { get; } = [];

    /// <summary>How many there were when it began.</summary>
    internal int FirstSite { get; init; }

    /// <summary>Just before it, from where a function that goes on within it enters it.</summary>
    internal Label? Before { get; init; }

    /// <summary>Where it then finds out where in it that is.</summary>
    internal Label? Dispatch { get; set; }

    /// <summary>By kind and, where places are noted, the instruction.</summary>
    internal Dictionary<(TrapKind Kind, int ByteOffset), Label> Traps { get; } = [];

    /// <summary>Where metered loops stop for good that cannot be held.</summary>
    internal Label? Stop { get; set; }

    /// <summary>Where loops find out what a guard wants of them, and where they go on.</summary>
    internal List<LoopPoll> Polls { get; } = [];
}

/// <summary>A loop's place out of the way where it finds out what the guard wants of it.</summary>
/// <param name="Place">Where that is.</param>
/// <param name="Back">Where it goes on.</param>
/// <param name="IsCalling">Whether the loop calls something anyway.</param>
/// <param name="KeepsFuel">Whether its local says what is left.</param>
/// <param name="Held">The temporaries that hold something there.</param>
sealed record LoopPoll(Label Place, Label Back, bool IsCalling, bool KeepsFuel, int[] Held);

using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>
/// A protected region of the .NET method, or all that is outside of any. IL may only fall or branch within it; <c>leave</c> goes out of it. So each
/// has its own places for traps and polls.
/// </summary>
sealed class TryRegion
{
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
/// <param name="Held">The temporaries that hold something there.</param>
sealed record LoopPoll(Label Place, Label Back, bool IsCalling, int[] Held);

using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>
/// A protected region of the .NET method, or all that is outside of any. IL may only fall or branch within it; <c>leave</c> goes out of it. So each
/// has its own places for traps.
/// </summary>
sealed class TryRegion
{
    /// <summary>By kind and, where places are noted, the instruction.</summary>
    internal Dictionary<(TrapKind Kind, int ByteOffset), Label> Traps { get; } = [];
}

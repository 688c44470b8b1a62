namespace Allotrope.Wasm;

/// <summary>The bounds of one memory.</summary>
/// <param name="Index">In the module's index space.</param>
/// <param name="MinimumPages">Pages of 64 KiB it begins with.</param>
/// <param name="MaximumPages">Pages it may have by its own declaration; null for none. A store's limit may be lower.</param>
/// <param name="Grows">Whether anything that is exported, or the start function, may let it grow, or somebody outside may.</param>
public sealed record MemorySignals(int Index, ulong MinimumPages, ulong? MaximumPages, bool Grows)
{
    /// <summary>Pages it never exceeds; null when only the store's limit bounds it.</summary>
    public ulong? MostPages => Grows ? MaximumPages : MinimumPages;
}

namespace Allotrope.Components.Wit;

/// <summary>What WIT may take: files come from strangers.</summary>
static class WitLimits
{
    /// <summary>Characters of one file.</summary>
    internal const int FileLength = 4 << 20;

    /// <summary>Characters of all files that are resolved together.</summary>
    internal const int TotalLength = 64 << 20;

    /// <summary>Types within types, which code follows by recursion; the same as in the binary format.</summary>
    internal const int Depth = 100;

    /// <summary>Imports and exports of all worlds once everything they include is written out, and steps on the way there.</summary>
    internal const int WorldItems = 1_000_000;
}

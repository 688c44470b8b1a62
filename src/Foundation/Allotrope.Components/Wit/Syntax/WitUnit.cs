namespace Allotrope.Components.Wit;

/// <summary>What one file says of one package.</summary>
/// <param name="file">The file.</param>
/// <param name="name">The package; null when the file leaves that to others of its folder.</param>
/// <param name="position">Where that is said.</param>
/// <param name="docs">The documentation comment there.</param>
sealed class WitUnit(string file, WitPackageName? name, WitPosition position, string? docs)
{
    internal string File { get; } = file;

    internal WitPackageName? Name { get; } = name;

    internal WitPosition Position { get; } = position;

    internal string? Docs { get; } = docs;

    /// <summary>Names that stand for interfaces and worlds of other packages throughout the file.</summary>
    internal Dictionary<string, WitPath> Uses { get; } = [];

    internal List<WitScope> Items { get; } = [];

    /// <summary>What is not there because a feature was not asked for, with the feature.</summary>
    internal Dictionary<string, string> LeftOut { get; } = [];
}

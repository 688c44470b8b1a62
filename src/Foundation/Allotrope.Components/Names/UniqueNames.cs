namespace Allotrope.Components;

/// <summary>Names of one scope, of which no two may mean the same in languages that write names in other ways.</summary>
sealed class UniqueNames
{
    readonly Dictionary<string, string> _known = [];

    /// <summary>The name that it conflicts with; null when there is none and it was added.</summary>
    internal string? TryAdd(ExternName name) => TryAdd(name.Unique, name.Text);

    /// <inheritdoc cref="TryAdd(ExternName)"/>
    internal string? TryAdd(string label) => TryAdd(label.ToLowerInvariant(), label);

    string? TryAdd(string unique, string text)
    {
        if (_known.TryGetValue(unique, out var before))
            return before;
        _known.Add(unique, text);
        return null;
    }
}

namespace Allotrope.Components.Wit;

/// <summary>Interfaces and worlds under one name.</summary>
public sealed class WitPackage(WitPackageName name, string? docs)
{
    readonly Dictionary<string, WitScope> _items = new(StringComparer.OrdinalIgnoreCase);
    readonly List<WitInterface> _interfaces = [];
    readonly List<WitWorld> _worlds = [];

    public WitPackageName Name { get; } = name;

    /// <summary>The documentation comment of its <c>package</c> line.</summary>
    public string? Docs { get; internal set; } = docs;

    public IReadOnlyList<WitInterface> Interfaces => _interfaces;

    public IReadOnlyList<WitWorld> Worlds => _worlds;

    /// <summary>The interface or world of a name; null when there is none.</summary>
    public WitScope? Find(string name) => _items.TryGetValue(name, out var item) && item.Name == name ? item : null;

    /// <returns>What already has the name, or one that differs by capitals alone; null when it was added.</returns>
    internal WitScope? TryAdd(WitScope item)
    {
        if (_items.TryGetValue(item.Name, out var before))
            return before;
        item.Package = this;
        _items.Add(item.Name, item);
        if (item is WitInterface @interface)
            _interfaces.Add(@interface);
        else
            _worlds.Add((WitWorld)item);
        return null;
    }
}

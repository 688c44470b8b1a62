namespace Allotrope.Components.Wit;

/// <summary>An interface or a world: what has types of its own.</summary>
public abstract class WitScope(WitHead head)
{
    readonly Dictionary<string, WitDefinition> _definitions = new(StringComparer.OrdinalIgnoreCase);
    readonly List<WitDefinition> _order = [];

    public string Name => Head.Name;

    public WitHead Head { get; } = head;

    /// <summary>The package it belongs to.</summary>
    public WitPackage Package { get; internal set; } = null!;

    /// <summary>Its types, those taken from elsewhere included, in the order they are written.</summary>
    public IReadOnlyList<WitDefinition> Definitions => _order;

    /// <summary>The name under which components import and export it.</summary>
    public virtual string FullName => Package.Name.Of(Name);

    /// <summary>What its author called it by: an interface or a world.</summary>
    internal abstract string Sort { get; }

    /// <summary>The type of a name; null when there is none.</summary>
    public WitDefinition? FindDefinition(string name) => _definitions.TryGetValue(name, out var found) && found.Name == name ? found : null;

    /// <returns>What already has the name, or one that differs by capitals alone; null when it was added.</returns>
    internal WitDefinition? TryAdd(WitDefinition definition)
    {
        if (_definitions.TryGetValue(definition.Name, out var before))
            return before;
        definition.Scope = this;
        _definitions.Add(definition.Name, definition);
        _order.Add(definition);
        return null;
    }

    public override string ToString() => FullName;
}

/// <summary>Types and functions that are imported or exported together.</summary>
public sealed class WitInterface(WitHead head, WitWorld? world = null) : WitScope(head)
{
    readonly List<WitFunction> _functions = [];

    /// <summary>The world that it is written within; null for one of the package.</summary>
    public WitWorld? World { get; } = world;

    /// <summary>Its functions, those of its resources not included.</summary>
    public IReadOnlyList<WitFunction> Functions => _functions;

    public override string FullName => World is null ? base.FullName : Name;

    internal override string Sort => "interface";

    internal void Add(WitFunction function) => _functions.Add(function);
}

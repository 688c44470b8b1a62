namespace Allotrope.Components.Wit;

/// <summary>What a component needs and offers.</summary>
public sealed class WitWorld(WitHead head) : WitScope(head)
{
    readonly List<WitWorldItem> _items = [];
    readonly List<WitInclude> _includes = [];

    /// <summary>Its imports and exports as they are written.</summary>
    public IReadOnlyList<WitWorldItem> Written => _items;

    /// <summary>The worlds whose imports and exports it has too.</summary>
    public IReadOnlyList<WitInclude> Includes => _includes;

    /// <summary>All it imports: what it includes and what its interfaces take types from too, each before what needs it.</summary>
    public IReadOnlyList<WitWorldItem> Imports { get; internal set; } = [];

    /// <summary>All it exports.</summary>
    public IReadOnlyList<WitWorldItem> Exports { get; internal set; } = [];

    internal override string Sort => "world";

    internal void Add(WitWorldItem item) => _items.Add(item);

    internal void Add(WitInclude include) => _includes.Add(include);

    internal void Drop(Predicate<WitInclude> which) => _includes.RemoveAll(which);
}

/// <summary>An import or export of a world: a function, or an interface.</summary>
/// <param name="Head">Its name, of an interface by its full name that one; what it was marked with.</param>
/// <param name="IsExport">Which of the two.</param>
/// <param name="Function">The function; null for an interface.</param>
/// <param name="Interface">Names the interface; null for a function.</param>
/// <param name="IsPlain">Whether the name is the world's own choice rather than the interface's full one.</param>
public sealed record WitWorldItem(WitHead Head, bool IsExport, WitFunction? Function, WitPath? Interface, bool IsPlain)
{
    /// <summary>The name that the component's import or export has.</summary>
    public string Name => IsPlain ? Head.Name : Interface!.Target.FullName;
}

/// <summary>Another world's imports and exports, some of them under other names.</summary>
/// <param name="World">Names the world.</param>
/// <param name="Renames">The names it has and those to be had instead.</param>
/// <param name="Gate">What it was marked with.</param>
public sealed record WitInclude(WitPath World, IReadOnlyList<WitRename> Renames, WitGate? Gate);

/// <summary>A name and another for the same.</summary>
public sealed record WitRename(string Name, string To, WitPosition Position);

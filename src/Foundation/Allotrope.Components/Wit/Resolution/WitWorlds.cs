namespace Allotrope.Components.Wit;

/// <summary>Writes out what worlds import and export: what they include, and the interfaces that theirs take types from.</summary>
sealed class WitWorlds
{
    readonly Dictionary<WitScope, List<WitInterface>> _needs = [];
    WitPosition _at;
    int _work;

    internal void Resolve(IEnumerable<WitWorld> worlds)
    {
        var order = WitOrder.Sort(
            worlds,
            world => world.Includes.Select(include => (WitWorld)include.World.Target),
            world => Wrong(world.Head.Position, $"world `{world.Name}` includes itself, if by others: remove an `include`"));
        foreach (var world in order)
            Resolve(world);
    }

    void Resolve(WitWorld world)
    {
        _at = world.Head.Position;
        var imports = new Items(this, "import");
        var exports = new Items(this, "export");
        foreach (var include in world.Includes)
            Include(include, imports, exports);
        foreach (var item in world.Written)
            (item.IsExport ? exports : imports).Add(item, item.Head.Position, isIncluded: false);
        foreach (var item in imports.All)
        {
            if (world.FindDefinition(item.Name) is { } type)
                throw Wrong(item.Head.Position, $"`{item.Name}` is a type of the world too, in line {type.Head.Position.Line}: give one another name");
        }

        foreach (var item in exports.All)
            CheckNeeds(world, item, exports);
        var needed = new Items(this, "import");
        foreach (var need in NeedsOf(world).Concat(imports.All.SelectMany(NeedsOf)).Concat(exports.All.SelectMany(NeedsOf).Where(need => !exports.Has(need.FullName))))
            needed.Add(new(need.Head, false, null, WitPath.To(need), false), need.Head.Position, isIncluded: true);
        foreach (var item in imports.All)
            needed.Add(item, item.Head.Position, isIncluded: true);
        world.Imports = needed.All;
        world.Exports = exports.All;
    }

    /// <summary>What an exported interface needs is exported, or else imported; an import cannot need what the component makes.</summary>
    void CheckNeeds(WitWorld world, WitWorldItem item, Items exports)
    {
        foreach (var need in NeedsOf(item))
        {
            if (!exports.Has(need.FullName) && NeedsOf(need).Find(behind => exports.Has(behind.FullName)) is { } exported)
                throw Wrong(world.Head.Position, $"world `{world.Name}` exports `{item.Name}`, which uses types of `{need}` and by it of `{exported}`, which is exported too: export `{need}` as well");
        }
    }

    static void Include(WitInclude include, Items imports, Items exports)
    {
        var world = (WitWorld)include.World.Target;
        var renames = new Dictionary<string, WitRename>();
        foreach (var rename in include.Renames)
        {
            if (!world.Imports.Concat(world.Exports).Any(item => item.IsPlain && item.Name == rename.Name) && world.FindDefinition(rename.Name) is null)
                throw Wrong(rename.Position, $"world `{world.Name}` imports and exports nothing by the name `{rename.Name}` of its own: correct or remove it (interfaces keep their names)");
            renames[rename.Name] = rename;
        }

        foreach (var item in world.Imports.Concat(world.Exports))
        {
            var renamed = item.IsPlain && renames.TryGetValue(item.Name, out var rename) ? item with { Head = item.Head with { Name = rename.To } } : item;
            (item.IsExport ? exports : imports).Add(renamed, include.World.Position, isIncluded: true);
        }
    }

    IEnumerable<WitInterface> NeedsOf(WitWorldItem item) => item.Interface is { } path ? NeedsOf(path.Target) : [];

    /// <summary>The interfaces that one takes types from, and those that they do, each before what needs it.</summary>
    List<WitInterface> NeedsOf(WitScope scope)
    {
        if (_needs.TryGetValue(scope, out var known))
            return known;
        var all = WitOrder.Sort([scope], each => each.Definitions.OfType<WitUse>().Select(use => use.Source.Target).Distinct(), each => Wrong(each.Head.Position, $"`{each}` needs itself"));
        Count(all.Count);
        return _needs[scope] = [.. all.Where(each => each != scope).Cast<WitInterface>()];
    }

    void Count(int steps)
    {
        _work += steps;
        if (_work > WitLimits.WorldItems)
            throw Wrong(_at, $"the worlds have more than {WitLimits.WorldItems} imports and exports when all that they include is written out: include less");
    }

    static WitException Wrong(WitPosition position, string problem) => new(position, problem, WitMistake.Meaning);

    /// <summary>Imports or exports, each name once.</summary>
    sealed class Items(WitWorlds worlds, string word)
    {
        readonly Dictionary<string, WitWorldItem> _names = new(StringComparer.OrdinalIgnoreCase);

        internal List<WitWorldItem> All { get; } = [];

        internal bool Has(string name) => _names.ContainsKey(name);

        internal void Add(WitWorldItem item, WitPosition position, bool isIncluded)
        {
            worlds.Count(1);
            if (!_names.TryGetValue(item.Name, out var before))
            {
                _names.Add(item.Name, item);
                All.Add(item);
            }
            else if (item.IsPlain || !isIncluded)
            {
                throw Wrong(position, $"the world {word}s `{item.Name}` twice: remove one{(item.IsPlain ? ", or give it another name" + (isIncluded ? " by `with`" : "") : "")}");
            }
        }
    }
}

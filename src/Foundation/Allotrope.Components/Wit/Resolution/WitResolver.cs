namespace Allotrope.Components.Wit;

/// <summary>Makes packages of files and finds what every name in them refers to.</summary>
sealed class WitResolver(WitFeatures features)
{
    readonly Dictionary<string, WitPackage> _packages = [];
    readonly List<WitPackage> _order = [];
    readonly List<(WitUnit Unit, WitPackage Package)> _units = [];

    internal WitResolution Resolve(IReadOnlyList<WitSource> sources)
    {
        if (sources.Sum(source => (long)source.Text.Length) is var length && length > WitLimits.TotalLength)
            throw new WitException(new(sources[0].File, 1, 1), $"the files together have {length} characters and may have {WitLimits.TotalLength}: resolve fewer at once", WitMistake.Text);
        var main = ReadPackages(sources);
        foreach (var (unit, package) in _units)
        {
            foreach (var (name, path) in unit.Uses.Select(use => (use.Key, use.Value)))
            {
                if (unit.Items.Find(item => item.Name == name) is { } item)
                    throw Wrong(path.Position, $"`{name}` is {item.Sort} `{name}` of this file too: give this one another name by `as`");
                path.Target = Find(unit, package, path, withUses: false);
            }
        }

        foreach (var (unit, package) in _units)
        {
            foreach (var scope in unit.Items)
                FindPaths(unit, package, scope);
        }

        var scopes = WitOrder.Sort(
            _units.SelectMany(each => each.Unit.Items.SelectMany(WithInline)),
            scope => scope.Definitions.OfType<WitUse>().Select(use => use.Source.Target),
            scope => Wrong(scope.Head.Position, $"{scope.Sort} `{scope.Name}` uses a type that needs `{scope.Name}` itself: move what both need to an interface of its own"));
        foreach (var scope in scopes)
            WitNames.Resolve(scope, _units);
        new WitWorlds().Resolve(_order.SelectMany(package => package.Worlds));
        return new(_order, main);
    }

    HashSet<WitPackage> ReadPackages(IReadOnlyList<WitSource> sources)
    {
        var main = new HashSet<WitPackage>();
        foreach (var group in sources.GroupBy(source => source.Group))
        {
            var files = group.Select(source => WitParser.Parse(source.File, source.Text, features)).ToList();
            var units = files.Select(file => file[0]).ToList();
            foreach (var nested in files.SelectMany(file => file.Skip(1)).GroupBy(unit => unit.Name!.ToString()))
                AddPackage([.. nested], nested.First());
            if (units.TrueForAll(unit => unit.Name is null && unit.Items.Count == 0))
                continue;
            var named = units.Find(unit => unit.Name is not null)
                ?? throw Wrong(units[0].Position, "no file of the folder says which package this is: write `package namespace:name;` at the top of one");
            foreach (var other in units)
            {
                if (other.Name is not null && other.Name != named.Name)
                    throw Wrong(other.Position, $"this file is of package {other.Name}, and {named.File} next to it of {named.Name}: give each package a folder of its own");
            }

            var package = AddPackage(units, named);
            if (!group.First().IsDependency)
                main.Add(package);
        }

        return main;
    }

    /// <summary>A package may be there more than once when it is the same each time, as dependencies bring their own.</summary>
    WitPackage AddPackage(List<WitUnit> units, WitUnit named)
    {
        var package = new WitPackage(named.Name!, units.Select(unit => unit.Docs).FirstOrDefault(docs => docs is not null));
        foreach (var unit in units)
        {
            foreach (var item in unit.Items)
            {
                if (package.TryAdd(item) is { } before)
                    throw Wrong(item.Head.Position, $"package {package.Name} already has {before.Sort} `{before.Name}` at {before.Head.Position}: give one another name");
            }
        }

        WitGates.Check(package);
        if (_packages.TryGetValue(package.Name.ToString(), out var known))
        {
            return WitPrinter.Print(known) == WitPrinter.Print(package)
                ? known
                : throw Wrong(named.Position, $"package {package.Name} is here twice and differs: keep one of the two");
        }

        _packages.Add(package.Name.ToString(), package);
        _order.Add(package);
        _units.AddRange(units.Select(unit => (unit, package)));
        return package;
    }

    static IEnumerable<WitScope> WithInline(WitScope scope) => scope is not WitWorld world
        ? [scope]
        : world.Written.Select(item => item.Interface?.Target).OfType<WitInterface>().Where(inline => inline.World == world).Append<WitScope>(world);

    void FindPaths(WitUnit unit, WitPackage package, WitScope scope)
    {
        foreach (var path in scope.Definitions.OfType<WitUse>().Select(use => use.Source))
            FindInterface(unit, package, path);
        if (scope is not WitWorld world)
            return;
        foreach (var item in world.Written)
        {
            if (item.Interface is not { } path)
                continue;
            if (path.Target is null)
            {
                FindInterface(unit, package, path);
            }
            else
            {
                path.Target.Package = package;
                FindPaths(unit, package, path.Target);
            }
        }

        world.Drop(include => IsLeftOut(unit, package, include.World));
        foreach (var include in world.Includes)
        {
            include.World.Target = Find(unit, package, include.World);
            if (include.World.Target is not WitWorld)
                throw Wrong(include.World.Position, $"`{include.World}` is an interface, and only worlds are included: import or export it");
        }
    }

    bool IsLeftOut(WitUnit unit, WitPackage package, WitPath path)
    {
        var within = path.Package is null ? package.Name : path.Package;
        return (path.Package is not null || !unit.Uses.ContainsKey(path.Name)) && _units.Exists(each => each.Package.Name == within && each.Unit.LeftOut.ContainsKey(path.Name) && each.Package.Find(path.Name) is null);
    }

    void FindInterface(WitUnit unit, WitPackage package, WitPath path)
    {
        path.Target = Find(unit, package, path);
        if (path.Target is not WitInterface)
            throw Wrong(path.Position, $"`{path}` is a world, and an interface is needed here: name one, or `include` the world in another");
    }

    WitScope Find(WitUnit unit, WitPackage package, WitPath path, bool withUses = true)
    {
        if (path.Package is null && withUses && unit.Uses.TryGetValue(path.Name, out var used))
            return used.Target;
        var within = package;
        if (path.Package is not null && !_packages.TryGetValue(path.Package.ToString(), out within))
        {
            var others = _order.Where(other => other.Name.Unversioned == path.Package.Unversioned).Select(other => $"{other.Name}").ToList();
            throw Wrong(path.Position, others.Count > 0
                ? $"package {path.Package} is not here, but {string.Join(" and ", others)} is: write that version, or add the files of the other below `deps`"
                : $"package {path.Package} is not here: add its files, in a folder below `deps`");
        }

        return within.Find(path.Name) ?? throw Wrong(path.Position, _units.Where(each => each.Package == within).Select(each => LeftOut(each.Unit, path.Name)).FirstOrDefault(text => text is not null)
            ?? $"package {within.Name} has no interface or world `{path.Name}`{Nearest(within, path.Name)}: write one, or correct the name");
    }

    static string Nearest(WitPackage package, string name)
    {
        var names = package.Interfaces.Select(each => each.Name).Concat(package.Worlds.Select(each => each.Name)).Take(8).ToList();
        return names.Find(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)) is { } same ? $", but `{same}`"
            : names.Count == 0 ? "" : $" (it has {string.Join(", ", names)})";
    }

    internal static string? LeftOut(WitUnit unit, string name) =>
        unit.LeftOut.TryGetValue(name, out var feature) ? $"`{name}` is @unstable and not there unless feature `{feature}` is asked for: ask for it, or do without" : null;

    static WitException Wrong(WitPosition position, string problem) => new(position, problem, WitMistake.Meaning);
}

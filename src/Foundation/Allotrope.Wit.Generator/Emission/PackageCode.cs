using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>The C# files of a resolution's packages.</summary>
static class PackageCode
{
    /// <param name="resolution">The packages.</param>
    /// <param name="rootOf">The namespace before that of a package.</param>
    /// <param name="waits">Which functions may wait.</param>
    /// <exception cref="NoCSharpException">C# has no form for something.</exception>
    internal static IEnumerable<(string Name, string Text)> Of(WitResolution resolution, Func<WitPackage, string> rootOf, Waits waits)
    {
        var names = resolution.Packages.ToDictionary(package => package, package => new PackageNames(package, rootOf(package)));
        var spaces = new Dictionary<string, WitPackage>();
        foreach (var package in resolution.Main)
        {
            var space = names[package].Namespace;
            if (spaces.TryGetValue(space, out var other))
                throw new NoCSharpException(FirstPosition(package), $"packages {other.Name} and {package.Name} would both be namespace {space}: give the files of one another by metadata Namespace");
            spaces.Add(space, package);
        }

        foreach (var package in resolution.Main)
        {
            foreach (var scope in package.Interfaces.Concat<WitScope>(package.Worlds))
            {
                var code = new Code(names[package].Namespace);
                if (scope is WitWorld world)
                    World(code, world, resolution, names, waits);
                else
                    Interface(code, (WitInterface)scope, resolution, names, waits);
                yield return ($"{names[package].Namespace}.{scope.Name}.g.cs", code.ToString());
            }
        }
    }

    static WitPosition FirstPosition(WitPackage package) => package.Interfaces.Concat<WitScope>(package.Worlds).Select(scope => scope.Head.Position).FirstOrDefault();

    static void Interface(Code code, WitInterface @interface, WitResolution resolution, Dictionary<WitPackage, PackageNames> names, Waits waits)
    {
        new HostInterface(code, names[@interface.Package], new CSharpTypes(names), waits).Write(@interface);
        // The same class serves all worlds; what each exports besides decides whose its resources are.
        var exporters = resolution.Main.SelectMany(package => package.Worlds).Where(world => Exported(world).Contains(@interface)).ToList();
        if (exporters.Count > 0)
            new Exports(code, new CSharpTypes(names, new HashSet<WitScope>(exporters.SelectMany(Exported))), waits).Write(names[@interface.Package].Of(@interface).Exports, @interface);
    }

    static void World(Code code, WitWorld world, WitResolution resolution, Dictionary<WitPackage, PackageNames> names, Waits waits)
    {
        var own = names[world.Package];
        var host = new HostInterface(code, own, new CSharpTypes(names), waits);
        var types = new CSharpTypes(names, new HashSet<WitScope>(Exported(world)));
        var exports = new Exports(code, types, waits);
        host.Write(world);
        foreach (var inline in PackageNames.Inline(world))
        {
            if (world.Imports.Any(item => item.Interface?.Target == inline))
                host.Write(inline);
            else
                new Definitions(code, own, new CSharpTypes(names), waits).Write(inline);
        }

        var classes = new List<(WitWorldItem, string)>();
        var taken = new CSharpName.Names([]);
        foreach (var item in world.Exports)
        {
            if (item.Interface?.Target is not WitInterface @interface)
                continue;
            var of = names[@interface.Package];
            var isHere = @interface.World is not null || !resolution.Main.Contains(@interface.Package);
            var name = isHere ? taken.Take(@interface.World is not null ? of.Of(@interface).Exports : CSharpName.Pascal(world.Name) + of.Of(@interface).Exports) : $"global::{of.Namespace}.{of.Of(@interface).Exports}";
            // An interface of a package without code of its own gets its class here; one that an included world wrote has it there.
            if (@interface.World == world || (@interface.World is null && isHere))
                exports.Write(name, @interface);
            classes.Add((item, name));
        }

        if (world.Exports.Count > 0)
            exports.Write(own.Of(world).Exports, world, classes);
    }

    static IEnumerable<WitScope> Exported(WitWorld world) => world.Exports.Select(item => item.Interface?.Target).OfType<WitScope>();
}

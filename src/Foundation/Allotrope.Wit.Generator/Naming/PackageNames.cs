using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>The C# names of a package: of its namespace and of the types in it.</summary>
sealed class PackageNames
{
    readonly Dictionary<WitDefinition, string> _definitions = [];
    readonly Dictionary<WitScope, ScopeNames> _scopes = [];

    /// <param name="package">The package.</param>
    /// <param name="root">The namespace before its own; may be empty.</param>
    internal PackageNames(WitPackage package, string root)
    {
        var parts = package.Name.Namespace.Split(':').Concat(package.Name.Name.Split('/')).Select(CSharpName.Pascal);
        Namespace = string.Join(".", root.Length == 0 ? parts : parts.Prepend(root));
        var scopes = package.Interfaces.Concat(package.Worlds.SelectMany(world => Inline(world).Append<WitScope>(world))).ToList();
        var names = new CSharpName.Names([]);
        foreach (var group in scopes.SelectMany(scope => scope.Definitions).Where(HasType).GroupBy(NameOf))
        {
            var isAlone = group.Count() == 1;
            foreach (var definition in group)
                _definitions.Add(definition, names.Take(isAlone ? group.Key : Prefix(definition) + CSharpName.Pascal(definition.Scope.Name) + CSharpName.Pascal(definition.Name)));
        }

        foreach (var scope in scopes)
            _scopes.Add(scope, NamesOf(scope, names));
    }

    internal string Namespace { get; }

    /// <summary>The C# type of a record, variant, enumeration, flags or resource of the package.</summary>
    internal string Of(WitDefinition definition) => _definitions[definition];

    internal ScopeNames Of(WitScope scope) => _scopes[scope];

    /// <summary>Interfaces that are written within a world.</summary>
    internal static IEnumerable<WitInterface> Inline(WitWorld world) =>
        world.Written.Select(item => item.Interface?.Target).OfType<WitInterface>().Where(inline => inline.World == world);

    internal static bool HasType(WitDefinition definition) => definition is not (WitUse or WitAlias);

    static string Prefix(WitDefinition definition) => definition is WitResource ? "I" : "";

    static string NameOf(WitDefinition definition) => Prefix(definition) + CSharpName.Pascal(definition.Name);

    static ScopeNames NamesOf(WitScope scope, CSharpName.Names names)
    {
        var name = CSharpName.Pascal(scope.Name);
        if (scope is WitWorld)
            return new(names.Take($"I{name}Imports"), names.Take($"{name}World"), names.Take($"{name}Exports"));
        if (((WitInterface)scope).World is { } world && names.Has($"{name}Interface"))
            name = CSharpName.Pascal(world.Name) + name;
        return new(names.Take(names.Has("I" + name) ? $"I{name}Functions" : "I" + name), names.Take($"{name}Interface"), names.Take($"{name}Exports"));
    }
}

/// <summary>The C# types of an interface or world.</summary>
/// <param name="Host">What the host implements.</param>
/// <param name="Link">What fills a linker.</param>
/// <param name="Exports">What an instance offers.</param>
sealed record ScopeNames(string Host, string Link, string Exports);

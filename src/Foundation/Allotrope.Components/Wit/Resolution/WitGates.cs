namespace Allotrope.Components.Wit;

/// <summary>Whether what items are marked with fits their package.</summary>
static class WitGates
{
    internal static void Check(WitPackage package)
    {
        foreach (var head in package.Interfaces.Concat<WitScope>(package.Worlds).SelectMany(Heads))
        {
            if (head.Gate is not { } gate || (gate.Since ?? gate.Deprecated) is not { } version)
                continue;
            if (package.Name.Version is not { } current)
                throw Wrong(head, $"`{head.Name}` is marked with a version, and package {package.Name} has none: write one behind the package's name, or remove the mark");
            if (gate.Since is not null && WitVersion.IsLater(version, current))
                throw Wrong(head, $"`{head.Name}` is there since {version}, and package {package.Name} is older: raise the package's version, or lower the mark's");
        }
    }

    static IEnumerable<WitHead> Heads(WitScope scope)
    {
        var functions = scope.Definitions.OfType<WitResource>().SelectMany(resource => resource.Functions).Select(function => function.Head);
        var own = scope switch
        {
            WitInterface { Functions: var free } => free.Select(function => function.Head),
            WitWorld { Written: var items, Includes: var includes } => items.Select(item => item.Head).Concat(includes.Select(include => new WitHead(include.World.Name, include.World.Position, null, include.Gate))).Concat(items.Select(item => item.Interface?.Target).OfType<WitInterface>().SelectMany(Heads)),
            _ => [],
        };
        return scope.Definitions.Select(definition => definition.Head).Prepend(scope.Head).Concat(functions).Concat(own);
    }

    static WitException Wrong(WitHead head, string problem) => new(head.Position, problem, WitMistake.Meaning);
}

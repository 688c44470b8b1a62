namespace Allotrope.Components;

/// <summary>What a scope's imports and exports are to others, and what a declared type becomes where it is imported or exported.</summary>
static class ScopeTypes
{
    internal static ComponentType Component(Scope scope) =>
        new(scope.Imports, scope.Kind == ScopeKind.Component ? Introduce(scope.Exports, scope.Own, []) : scope.Exports, scope.Imported, scope.Own);

    internal static InstanceType Instance(Scope scope) => new(scope.Exports, scope.Own);

    /// <summary>
    /// The type of an import or export where it is one: types get names of their own, and the resources that an instance brings along are unlike all
    /// others.
    /// </summary>
    internal static ComponentExternType Open(ComponentExternType declared, bool isExport, Scope scope, TypeWork work)
    {
        var resources = isExport ? scope.Own : scope.Imported;
        switch (declared)
        {
            case ComponentExternType.Bound { IsAbstract: true, Is: ResourceType }:
                var identity = new ResourceIdentity();
                resources.Add(identity);
                return new ComponentExternType.Bound(new ResourceType(identity), IsAbstract: true);
            case ComponentExternType.Bound type: return type with { Is = Renamed(type.Is) };
            case ComponentExternType.Instance { Type: { Own.Count: > 0 } type }:
                return new ComponentExternType.Instance(new InstanceType(Fresh(type.Exports, type.Own, resources, new Matching(work).Substitution), []));
            default: return declared;
        }
    }

    /// <summary>Exports of a new instance: its own resources are unlike all others, and noted in <paramref name="resources"/>.</summary>
    internal static OrderedDictionary<string, ComponentExternType> Fresh(
        IReadOnlyDictionary<string, ComponentExternType> exports,
        IReadOnlySet<ResourceIdentity> own,
        HashSet<ResourceIdentity> resources,
        Substitution substitution)
    {
        foreach (var identity in own)
        {
            var fresh = new ResourceIdentity { Representation = identity.Representation, Name = identity.Name };
            substitution.Add(identity, fresh);
            resources.Add(fresh);
        }

        return substitution.Of(exports);
    }

    /// <summary>The same type under a new name.</summary>
    static TypeDefinition Renamed(TypeDefinition type) => type switch
    {
        ResourceType resource => new ResourceType(resource.Identity),
        WitType wit => wit.Renamed(),
        _ => type,
    };

    /// <summary>
    /// Exports of a component as others see them: the first name of a resource that is its own introduces it, all others are known.
    /// </summary>
    static OrderedDictionary<string, ComponentExternType> Introduce(
        IReadOnlyDictionary<string, ComponentExternType> exports, HashSet<ResourceIdentity> own, HashSet<ResourceIdentity> known)
    {
        var all = new OrderedDictionary<string, ComponentExternType>(exports.Count);
        foreach (var (name, type) in exports)
        {
            all.Add(name, type switch
            {
                ComponentExternType.Bound { Is: ResourceType { Identity: var identity } } each =>
                    each with { IsAbstract = own.Contains(identity) && known.Add(identity) },
                ComponentExternType.Instance { Type: { MentionsNames: true } instance } =>
                    new ComponentExternType.Instance(new InstanceType(Introduce(instance.Exports, own, known), instance.Own)),
                _ => type,
            });
        }

        return all;
    }
}

namespace Allotrope.Components;

/// <summary>
/// Writes types anew in which resources, and types that have names, have become others. The same type becomes the same object each time, and one that
/// nothing changes in stays what it is.
/// </summary>
/// <param name="work">What it may take.</param>
/// <param name="resources">What resources become.</param>
/// <param name="names">What types of a name become.</param>
sealed class Substitution(
    TypeWork work, Dictionary<ResourceIdentity, ResourceIdentity> resources, IReadOnlyDictionary<TypeDefinition, TypeDefinition> names)
{
    readonly Dictionary<TypeDefinition, TypeDefinition> _done = new(names, ReferenceEqualityComparer.Instance);

    /// <summary>From here on a resource becomes another.</summary>
    internal void Add(ResourceIdentity resource, ResourceIdentity becomes) => resources[resource] = becomes;

    internal OrderedDictionary<string, ComponentExternType> Of(IReadOnlyDictionary<string, ComponentExternType> types)
    {
        var all = new OrderedDictionary<string, ComponentExternType>(types.Count);
        foreach (var (name, type) in types)
            all.Add(name, Of(type));
        return all;
    }

    ComponentExternType Of(ComponentExternType type) => type switch
    {
        ComponentExternType.Func each => new ComponentExternType.Func(Of(each.Type)),
        ComponentExternType.Bound each => each with { Is = Of(each.Is) },
        ComponentExternType.Component each => new ComponentExternType.Component(Of(each.Type)),
        ComponentExternType.Instance each => new ComponentExternType.Instance(Of(each.Type)),
        _ => type,
    };

    T Of<T>(T type)
        where T : TypeDefinition
    {
        work.Step();
        if (!type.MentionsNames)
            return type;
        if (_done.TryGetValue(type, out var known))
            return (T)known;
        var made = Make(type);
        _done.Add(type, made);
        return (T)made;
    }

    TypeDefinition Make(TypeDefinition type)
    {
        switch (type)
        {
            case ResourceType resource:
                return resources.TryGetValue(resource.Identity, out var becomes) ? new ResourceType(becomes) : resource;
            case HandleType handle:
                var of = Of(handle.Resource);
                return of == handle.Resource ? handle : new HandleType(of, handle.IsBorrow);
            case WitType wit:
                var parts = wit.Parts.Select(Of).ToArray();
                var original = wit.Original is null ? null : Of(wit.Original);
                return parts.AsSpan().SequenceEqual(wit.Parts.AsSpan()) && original == wit.Original ? wit : wit.With([.. parts]).After(original);
            case ComponentFunctionType function:
                return new ComponentFunctionType(
                    [.. function.Parameters.Select(each => each with { Type = Of(each.Type) })], function.Result is null ? null : Of(function.Result), function.IsAsync);
            case InstanceType instance: return new InstanceType(Of(instance.Exports), instance.Own);
            case ComponentType component:
                return new ComponentType(Of(component.Imports), Of(component.Exports), component.Imported, component.Own);
            default: return type;
        }
    }
}

namespace Allotrope.Components;

/// <summary>The resources that a type uses without introducing them.</summary>
static class FreeResources
{
    /// <summary>Found once for each type, which many may name.</summary>
    internal static bool In(TypeDefinition type) => type.HasFreeResources ??= In(type, [], new(ReferenceEqualityComparer.Instance));

    static bool In(TypeDefinition type, HashSet<ResourceIdentity> bound, HashSet<TypeDefinition> seen)
    {
        if (!type.MentionsNames || !seen.Add(type))
            return false;
        switch (type)
        {
            case ResourceType resource: return !bound.Contains(resource.Identity);
            case HandleType handle: return !bound.Contains(handle.Resource.Identity);
            case WitType wit: return wit.Parts.Any(part => In(part, bound, seen));
            case ComponentFunctionType function:
                return function.Parameters.Any(parameter => In(parameter.Type, bound, seen)) || (function.Result is { } result && In(result, bound, seen));
            case InstanceType instance:
                bound.UnionWith(instance.Own);
                return instance.Exports.Values.Any(export => In(export.Definition, bound, seen));
            case ComponentType component:
                bound.UnionWith(component.Own);
                bound.UnionWith(component.Imported);
                return component.Imports.Values.Concat(component.Exports.Values).Any(each => In(each.Definition, bound, seen));
            default: return false;
        }
    }
}

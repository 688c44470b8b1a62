using Allotrope.Components.Wit;

namespace Allotrope.Components;

/// <summary>Where types of a component were given their first name.</summary>
sealed class TypeOwners
{
    readonly Dictionary<ResourceIdentity, (WitScope Scope, string Name)> _resources = [];
    readonly Dictionary<WitType, (WitScope Scope, string Name)> _types = new(ReferenceEqualityComparer.Instance);

    internal void Add(TypeDefinition type, WitScope scope, string name)
    {
        if (type is ResourceType resource)
            _resources.TryAdd(resource.Identity, (scope, name));
        else if (type is WitType wit and not PrimitiveType)
            _types.TryAdd(wit, (scope, name));
    }

    /// <summary>The scope and name of the type, or of one that it is another name of.</summary>
    internal (WitScope Scope, string Name)? Find(TypeDefinition type)
    {
        if (type is ResourceType resource)
            return _resources.TryGetValue(resource.Identity, out var known) ? known : null;
        for (var wit = type as WitType; wit is not null; wit = wit.Original)
        {
            if (_types.TryGetValue(wit, out var found))
                return found;
        }

        return null;
    }
}

using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A name of a resource. Imports, exports and definitions each give a name of their own; names are of the same resource when their
/// <see cref="Identity"/> is the same.
/// </summary>
public sealed class ResourceType : TypeDefinition
{
    internal ResourceType(ResourceIdentity identity)
        : base([])
    {
        Identity = identity;
        MentionsNames = true;
    }

    internal ResourceIdentity Identity { get; }

    public override string ToString() => Identity.Name ?? "resource";
}

/// <summary>A resource that is unlike every other one.</summary>
sealed class ResourceIdentity
{
    /// <summary>What instances of it are for the component that defines it; null where that is not known.</summary>
    internal ValueKind? Representation { get; init; }

    /// <summary>What it was first called, for messages.</summary>
    internal string? Name { get; set; }
}

namespace Allotrope.Components;

/// <summary>What generated code needs of an instance: its boundary and the resources of one function.</summary>
abstract class Site
{
    private protected Site(InstanceState instance, CanonicalOptions options)
    {
        Boundary = new Boundary(instance, options);
        Instance = instance;
    }

    internal InstanceState Instance { get; }

    internal readonly Boundary Boundary;

    /// <summary>By the places of <see cref="HandleSlots"/>.</summary>
    internal InstanceResource[] Resources = [];

    /// <summary>Looks up what the code's resources are in this instance.</summary>
    private protected void Resolve(IReadOnlyList<ResourceType> types) => Resources = [.. types.Select(Instance.ResourceOf)];
}

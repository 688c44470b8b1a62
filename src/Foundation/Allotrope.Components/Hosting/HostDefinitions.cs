namespace Allotrope.Components;

/// <summary>What the host offers under the name of one interface, or at the root of a world.</summary>
sealed class HostDefinitions(string? name)
{
    /// <summary>The interface; null for the root.</summary>
    internal string? Name { get; } = name;

    internal Dictionary<string, Delegate> Functions { get; } = [];

    internal Dictionary<string, HostResource> Resources { get; } = [];
}

/// <summary>A resource whose instances are objects of the host.</summary>
/// <param name="type">Their C# type, by which it is the same in all interfaces.</param>
sealed class HostResource(Type type) : InstanceResource(null, null)
{
    internal Type Type { get; } = type;

    internal override string Name => Type.Name;
}

namespace Allotrope.Components;

/// <summary>What the host offers under the name of one interface, or at the root of a world.</summary>
sealed class HostDefinitions(string? name)
{
    /// <summary>The interface; null for the root.</summary>
    internal string? Name { get; } = name;

    internal Dictionary<string, Delegate> Functions { get; } = [];

    internal Dictionary<string, HostResource> Resources { get; } = [];

    /// <summary>Makes what functions there are none for, of any type: a delegate that takes the state and an array of values.</summary>
    internal Func<string, ComponentFunctionType, Delegate?>? Any { get; set; }
}

/// <summary>A resource whose instances are objects of the host.</summary>
sealed class HostResource : InstanceResource
{
    HostResource(Type type)
        : base(null, null) => Type = type;

    /// <summary>Their C# type, by which it is the same in all interfaces and to all components, whoever linked them.</summary>
    internal Type Type { get; }

    internal override string Name => Type.Name;

    internal static HostResource Of<T>()
        where T : class => Only<T>.Value;

    static class Only<T>
    {
        internal static readonly HostResource Value = new(typeof(T));
    }
}

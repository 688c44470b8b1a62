namespace Allotrope.Components;

/// <summary>A function that components can call.</summary>
abstract class ComponentFunction
{
    internal abstract ComponentFunctionType Type { get; }

    /// <summary>The C# type of a resource in <see cref="Type"/>; null for one that a guest defines.</summary>
    internal abstract Type? HostTypeOf(ResourceType resource);

    /// <param name="caller">The instance that calls; null for the host.</param>
    /// <param name="start">Gives the arguments, when the callee has been entered.</param>
    /// <param name="resolve">Takes the result (null for none), before the callee is told that it has been read.</param>
    internal abstract void Call(InstanceState? caller, Func<object?[]> start, Action<object?> resolve);

    /// <summary>For the host: what calls it with values and can wait; null where only <see cref="Call"/> does.</summary>
    internal virtual Func<object?[], ValueTask<object?>>? TryTakeValues() => null;
}

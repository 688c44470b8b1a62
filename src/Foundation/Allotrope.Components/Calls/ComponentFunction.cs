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

    /// <summary>The same for core code, which is told when there is a result.</summary>
    /// <param name="caller">The instance that calls.</param>
    /// <param name="side">Is told.</param>
    /// <param name="mayGoOn">Whether it goes on meanwhile.</param>
    /// <returns>What can be called off; null when nothing can.</returns>
    internal virtual GuestTask? Begin(InstanceState caller, ICallSide side, bool mayGoOn)
    {
        Call(caller, side.Start, side.Resolve);
        return null;
    }

    /// <summary>For the host: the same as <see cref="Call"/>, without a thread while the guest waits for tasks of the host.</summary>
    internal virtual ValueTask CallAsync(Func<object?[]> start, Action<object?> resolve)
    {
        Call(null, start, resolve);
        return default;
    }

    /// <summary>For the host: what calls it with values and can wait; null where only <see cref="Call"/> does.</summary>
    internal virtual Func<object?[], ValueTask<object?>>? TryTakeValues() => null;
}

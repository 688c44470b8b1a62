namespace Allotrope.Components;

/// <summary>A function of the host.</summary>
sealed class HostedFunction(Func<object?[], object?> body) : ComponentFunction
{
    internal override void Call(InstanceState? caller, Func<object?[]> start, Action<object?> resolve) => resolve(body(start()));
}

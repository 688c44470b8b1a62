namespace Allotrope.Wasm;

/// <summary>What the code of a host function runs for: the delegate and, where it asks for it, the instance that imports it.</summary>
sealed class HostBinding(Delegate body, bool wantsCaller, Instance? caller = null)
{
    internal readonly Delegate Body = body;

    internal readonly Instance? Caller = caller;

    internal bool WantsCaller { get; } = wantsCaller;

    /// <summary>The same delegate for another caller.</summary>
    internal HostBinding For(Instance instance) => new(Body, WantsCaller, instance);
}

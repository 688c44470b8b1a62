namespace Allotrope.Components;

/// <summary>A resource of one instance, unlike that of every other.</summary>
/// <param name="definer">The instance that defines it; null for the host's.</param>
/// <param name="destructor">Told when the owner's handle is dropped.</param>
class InstanceResource(InstanceState? definer, Action<long>? destructor)
{
    internal InstanceState? Definer { get; } = definer;

    internal Action<long>? Destructor { get; } = destructor;

    /// <summary>What it is called, for messages.</summary>
    internal virtual string Name => "resource";
}

namespace Allotrope.Components;

/// <summary>A resource of one instance, unlike that of every other.</summary>
/// <param name="definer">The instance that defines it; null for the host's.</param>
/// <param name="destructor">Told when the owner's handle is dropped.</param>
sealed class InstanceResource(InstanceState? definer, Action<InstanceState, long>? destructor)
{
    internal InstanceState? Definer { get; } = definer;

    /// <summary>Called with the instance that drops it.</summary>
    internal Action<InstanceState, long>? Destructor { get; } = destructor;
}

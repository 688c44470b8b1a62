namespace Allotrope.Components;

/// <content>Handles. Objects of the host are what the handle's target is.</content>
sealed partial class Boundary
{
    readonly List<ResourceValue> _lent = [];

    /// <summary>An own handle that the guest gives away.</summary>
    internal object TakeHost(uint index, InstanceResource resource) => Take(index, resource).Target!;

    /// <summary>What the guest lends for the call.</summary>
    internal object LendHost(uint index, InstanceResource resource) => ResourceFunctions.Find(Instance, resource, index).Target!;

    /// <summary>The same, of a call that is also given own handles, which must be others.</summary>
    internal object LendHostAmongOwn(uint index, InstanceResource resource)
    {
        var handle = ResourceFunctions.Find(Instance, resource, index);
        Instance.Lending.Lend(handle, null);
        return handle.Target!;
    }

    /// <inheritdoc cref="TakeHost"/>
    internal ResourceValue TakeGuest(uint index, InstanceResource resource)
    {
        var handle = Take(index, resource);
        return new(resource, handle.Representation, isOwn: true, handle.Target);
    }

    /// <inheritdoc cref="LendHost"/>
    internal ResourceValue LendGuest(uint index, InstanceResource resource)
    {
        var handle = ResourceFunctions.Find(Instance, resource, index);
        var lent = new ResourceValue(resource, handle.Representation, isOwn: false, handle.Target);
        Instance.Lending.Lend(handle, lent);
        return lent;
    }

    /// <summary>Before a call that handles are lent to.</summary>
    internal void BeginLending() => Instance.BeginLending();

    /// <summary>That call has ended.</summary>
    internal void GiveBack() => Instance.GiveBack();

    /// <summary>Makes the guest the owner of an object.</summary>
    internal int OwnHost(object target, InstanceResource resource)
    {
        ArgumentNullException.ThrowIfNull(target);
        return (int)Instance.Handles.Add(new ResourceHandle(resource, 0, null, target));
    }

    /// <summary>Lends the guest an object for the call.</summary>
    internal int BorrowHost(object target, InstanceResource resource)
    {
        ArgumentNullException.ThrowIfNull(target);
        Instance.Current.Borrowed++;
        return (int)Instance.Handles.Add(new ResourceHandle(resource, 0, Instance.Current, target));
    }

    /// <inheritdoc cref="OwnHost"/>
    internal int OwnGuest(ResourceValue value, InstanceResource resource)
    {
        Require(value, resource);
        return (int)Instance.Handles.Add(new ResourceHandle(resource, value.Give().Representation, null, value.Target));
    }

    /// <summary>Lends a guest its own resource, which it knows itself, or another's.</summary>
    internal int BorrowGuest(ResourceValue value, InstanceResource resource)
    {
        Require(value, resource);
        value.Lend();
        if (resource.Definer == Instance)
            return (int)RequireNarrow(value.Representation);
        Instance.Current.Borrowed++;
        return (int)Instance.Handles.Add(new ResourceHandle(resource, value.Representation, Instance.Current, value.Target));
    }

    /// <summary>What a guest calls its resource is passed in 32 bits, whatever the resource says it takes.</summary>
    internal static uint RequireNarrow(long representation) => (ulong)representation <= uint.MaxValue
        ? (uint)representation
        : throw new ComponentTrap("a resource whose representation takes 64 bits cannot be lent to the instance that defines it");

    static void Require(ResourceValue value, InstanceResource resource)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Type != resource)
            throw new ArgumentException("a resource of another type was given", nameof(value));
    }

    ResourceHandle Take(uint index, InstanceResource resource)
    {
        var handle = ResourceFunctions.Find(Instance, resource, index);
        if (handle.Lends != 0)
            throw new ComponentTrap("cannot remove owned resource while borrowed");
        if (!handle.IsOwn)
            throw new ComponentTrap("cannot lift own resource from a borrow");
        Instance.Handles.Remove(index);
        return handle;
    }
}

using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The functions of resources for core code (Canonical ABI, <c>resource.new</c>, <c>resource.drop</c> and <c>resource.rep</c>).</summary>
static class ResourceFunctions
{
    internal static Function Create(InstanceState instance, Definition.BuiltIn definition)
    {
        var resource = instance.ResourceOf((ResourceType)definition.Type!);
        ValueCall body = definition.Intrinsic switch
        {
            Intrinsic.ResourceNew => (_, arguments, results) =>
            {
                instance.RequireMayLeave();
                results[0] = Value.FromInt32((int)instance.Handles.Add(new ResourceHandle(resource, Flat.FromValue(arguments[0]), null)));
            },
            Intrinsic.ResourceRep => (_, arguments, results) =>
                results[0] = Flat.ToValue(Find(instance, resource, arguments[0]).Representation, definition.CoreType.Results[0]),
            _ => (_, arguments, _) => Drop(instance, resource, arguments[0]),
        };
        return Function.FromValues(definition.CoreType, body);
    }

    static void Drop(InstanceState instance, InstanceResource resource, Value index)
    {
        instance.RequireMayLeave();
        var handle = Find(instance, resource, index);
        if (handle.Lends != 0)
            throw new ComponentTrap("cannot remove owned resource while borrowed");
        instance.Handles.Remove((uint)index.AsInt32());
        if (handle.Borrower is { } borrower)
            borrower.Borrowed--;
        else
            Destroy(instance, handle);
    }

    /// <summary>The instance that defines a resource is entered for it, whether or not it wants to know.</summary>
    static void Destroy(InstanceState instance, ResourceHandle handle)
    {
        var resource = handle.Resource;
        (handle.Target as IDisposable)?.Dispose();
        resource.Definer?.EnterFrom(instance);
        resource.Destructor?.Invoke(handle.Representation);
        resource.Definer?.LeaveTo(instance);
    }

    internal static ResourceHandle Find(InstanceState instance, InstanceResource resource, Value index) =>
        Find(instance, resource, (uint)index.AsInt32());

    internal static ResourceHandle Find(InstanceState instance, InstanceResource resource, uint index)
    {
        var handle = instance.Handles[index];
        return handle.Resource == resource
            ? handle
            : throw new ComponentTrap($"handle index {index} used with the wrong type, expected another resource than was found");
    }
}

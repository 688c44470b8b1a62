using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What one component imports, out of what a linker has. It is of no instance, so that all share it.</summary>
sealed class LinkedImports
{
    readonly IReadOnlyDictionary<string, HostDefinitions> _interfaces;
    readonly Type _state;
    readonly bool _generates;
    readonly Dictionary<ResourceIdentity, HostResource> _resources = [];

    LinkedImports(IReadOnlyDictionary<string, HostDefinitions> interfaces, Type state, bool generates) =>
        (_interfaces, _state, _generates) = (interfaces, state, generates);

    /// <summary>Instances, functions and resources by the names of the imports.</summary>
    internal Dictionary<string, object?> Values { get; } = [];

    internal static LinkedImports Of(
        Component component, IReadOnlyDictionary<string, HostDefinitions> interfaces, HostDefinitions root, Type state, bool generates,
        Func<string, bool>? isGiven = null)
    {
        var linked = new LinkedImports(interfaces, state, generates);
        foreach (var (name, type) in component.Type.Imports.Where(import => isGiven?.Invoke(import.Key) != true))
            linked.Values.Add(name, type is ComponentExternType.Instance instance ? linked.Instance(name, instance.Type) : linked.Item(root, name, type));
        return linked;
    }

    InstanceExports Instance(string name, InstanceType type)
    {
        var found = InterfaceName.Find(name, _interfaces.Keys);
        // An interface of types alone needs nobody to offer it.
        var definitions = found is not null ? _interfaces[found]
            : IsOfTypesAlone(type) ? new HostDefinitions(name)
            : throw new LinkException($"unknown import \"{name}\": the component needs that interface and the host does not offer it{Others(name)}");
        var exports = new InstanceExports();
        foreach (var (member, each) in type.Exports)
            exports.Add(member, Item(definitions, member, each));
        return exports;
    }

    internal static bool IsOfTypesAlone(InstanceType type) => type.Exports.Values.All(each => each is ComponentExternType.Bound { IsAbstract: false });

    string Others(string name)
    {
        var path = InterfaceName.Parse(name).Path;
        var versions = _interfaces.Keys.Where(each => InterfaceName.Parse(each).Path == path).ToArray();
        return versions.Length == 0 ? "" : $" (only {string.Join(" and ", versions)})";
    }

    object? Item(HostDefinitions definitions, string name, ComponentExternType type)
    {
        var place = definitions.Name is null ? $"\"{name}\"" : $"\"{definitions.Name}\" \"{name}\"";
        switch (type)
        {
            case ComponentExternType.Func function: return Function(definitions, name, function.Type, place);
            case ComponentExternType.Bound { Is: ResourceType resource, IsAbstract: var isNew }:
                var known = _resources.GetValueOrDefault(resource.Identity);
                if (definitions.Resources.TryGetValue(name, out var offered))
                {
                    if (known is not null && known != offered)
                        throw new LinkException($"incompatible import type: {place} is the resource {offered.Name} here, and the component takes it for {known.Name}");
                    return _resources[resource.Identity] = offered;
                }

                return known ?? throw new LinkException($"unknown import {place}: the component needs that resource and the host does not offer it");
            case ComponentExternType.Bound: return null;
            default: throw new LinkException($"unknown import {place}: the component needs a {type.Sort} and none is given");
        }
    }

    HostFunction Function(HostDefinitions definitions, string name, ComponentFunctionType type, string place)
    {
        if (!definitions.Functions.TryGetValue(name, out var body))
        {
            if (definitions.Any?.Invoke(name, type) is { } any)
                return OfAnyType(any, type, place);
            throw new LinkException($"unknown import {place}: the component needs that function and the host does not offer it");
        }

        try
        {
            return new HostFunction(body, Signature.Bind(type, body.GetType(), _state, HostTypeOf), place, HostTypeOf) { IsGenerated = _generates };
        }
        catch (TypeMismatchException e)
        {
            throw new LinkException($"incompatible import type: {place}: {e.Message}");
        }
    }

    HostFunction OfAnyType(Delegate body, ComponentFunctionType type, string place)
    {
        if (FunctionEncoding.Obstacle(type) is { } reason)
            throw new LinkException($"incompatible import type: {place}: {reason}");
        var signature = PlainShapes.TrySign(type, between: false, waits: true, _state)
            ?? throw new LinkException($"incompatible import type: {place}: its types have too many parts");
        return new HostFunction(AnyCall.Pack(signature, body), signature, place, HostTypeOf) { IsGenerated = _generates };
    }

    internal HostResource? HostResourceOf(ResourceType resource) => _resources.GetValueOrDefault(resource.Identity);

    Type? HostTypeOf(ResourceType resource) => _resources.GetValueOrDefault(resource.Identity)?.Type;
}

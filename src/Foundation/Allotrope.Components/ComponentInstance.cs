using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A component at work. Values are .NET objects: <c>bool</c>, the integers and floats of their widths, <see cref="System.Text.Rune"/> for characters,
/// <c>string</c>, <c>object?[]</c> for lists, tuples and records (in the order of their fields; <c>byte[]</c> for lists of bytes),
/// <see cref="VariantValue"/> for variants, enumerations, options and results, <c>uint</c> for flags, and <see cref="ResourceValue"/> for handles.
/// </summary>
public sealed class ComponentInstance
{
    readonly InstanceType _type;
    readonly InstanceExports _exports;

    ComponentInstance(InstanceType type, InstanceExports exports) => (_type, _exports) = (type, exports);

    /// <summary>What it offers.</summary>
    public IReadOnlyDictionary<string, ComponentExternType> Exports => _type.Exports;

    /// <summary>Makes an instance of a component that needs nothing.</summary>
    /// <exception cref="LinkException">The component imports something, or makes too many instances within it.</exception>
    /// <exception cref="Trap">A module of it trapped while it was started.</exception>
    public static ComponentInstance Create(Store store, Component component)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(component);
        foreach (var (name, type) in component.Type.Imports)
            throw new LinkException($"unknown import \"{name}\": the component needs a {type.Sort} and none is given");
        var exports = ComponentInstantiation.Run(store, new ComponentClosure(component, null), null, new Dictionary<string, object?>(), new InstantiationWork());
        return new(new InstanceType(new(component.Type.Exports), component.Type.Own), exports);
    }

    /// <summary>An instance that it exports.</summary>
    /// <exception cref="KeyNotFoundException">It exports no instance of that name.</exception>
    public ComponentInstance GetInstance(string name) => _type.Exports.GetValueOrDefault(name) is ComponentExternType.Instance { Type: var type }
        ? new(type, (InstanceExports)_exports[name]!)
        : throw new KeyNotFoundException($"the component exports no instance \"{name}\"");

    /// <summary>Calls a function that it exports.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="arguments">As many and of the types that the function's type says.</param>
    /// <returns>What it gives; null for nothing.</returns>
    /// <exception cref="KeyNotFoundException">It exports no function of that name.</exception>
    /// <exception cref="ArgumentException">An argument is of another type.</exception>
    /// <exception cref="ComponentTrap">The component broke a rule of the Component Model, or has trapped before.</exception>
    /// <exception cref="Trap">The guest trapped.</exception>
    public object? Invoke(string name, params object?[] arguments)
    {
        if (_exports.GetValueOrDefault(name) is not ComponentFunction function)
            throw new KeyNotFoundException($"the component exports no function \"{name}\"");
        object? result = null;
        function.Call(null, () => arguments, value => result = Plain(value));
        return result;
    }

    /// <summary>Strings as the host has them. Recursion follows types, whose depth is bounded.</summary>
    static object? Plain(object? value) => value switch
    {
        GuestString text => text.Text,
        object?[] items => Array.ConvertAll(items, Plain),
        VariantValue variant => variant with { Value = Plain(variant.Value) },
        _ => value,
    };
}

using System.Diagnostics.CodeAnalysis;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A component at work. <see cref="GetFunction"/> gives its functions as delegates. <see cref="Invoke"/> is for functions whose types are known only at
/// run time; values are .NET objects there: <c>bool</c>, the integers and floats of their widths, <see cref="System.Text.Rune"/> for characters,
/// <c>string</c>, <c>object?[]</c> for lists, tuples and records (in the order of their fields; <c>byte[]</c> for lists of bytes),
/// <see cref="VariantValue"/> for variants, enumerations, options and results, <c>uint</c> for flags, and <see cref="ResourceValue"/> for handles.
/// </summary>
public sealed class ComponentInstance : IDisposable
{
    readonly InstanceType _type;
    readonly InstanceExports _exports;
    readonly InstanceState _root;
    readonly string? _name;

    ComponentInstance(InstanceType type, InstanceExports exports, InstanceState root, string? name = null) =>
        (_type, _exports, _root, _name) = (type, exports, root, name);

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
        return Create(store, component, new Dictionary<string, object?>(), null);
    }

    internal static ComponentInstance Create(Store store, Component component, IReadOnlyDictionary<string, object?> imports, object? state)
    {
        var root = new InstanceState(store, null, null) { HostState = state, IsConcurrent = component.IsConcurrent };
        try
        {
            var exports = ComponentInstantiation.Run(root, new ComponentClosure(component, null), imports, new InstantiationWork());
            return new(new InstanceType(new(component.Type.Exports), component.Type.Own), exports, root);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>An instance that it exports: of that name, or of the latest version that is compatible with it.</summary>
    /// <exception cref="KeyNotFoundException">It exports no such instance.</exception>
    public ComponentInstance GetInstance(string name) =>
        TryGetInstance(name, out var instance) ? instance : throw new KeyNotFoundException($"the component exports no instance \"{name}\"");

    /// <inheritdoc cref="GetInstance"/>
    /// <returns>False when it exports no such instance.</returns>
    public bool TryGetInstance(string name, [NotNullWhen(true)] out ComponentInstance? instance)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var found = InterfaceName.Find(name, _type.Exports.Where(export => export.Value is ComponentExternType.Instance).Select(export => export.Key));
        instance = found is null ? null
            : new(((ComponentExternType.Instance)_type.Exports[found]).Type, (InstanceExports)_exports[found]!, _root, found);
        return instance is not null;
    }

    /// <summary>
    /// A function that it exports, as a delegate whose C# types are those of docs/reference/wit-csharp.md; resources that a guest defines are
    /// <see cref="ResourceValue"/>. Make it once and keep it. One that gives a ValueTask may wait without a thread where the guest's modules were
    /// compiled for that.
    /// </summary>
    /// <exception cref="KeyNotFoundException">It exports no function of that name.</exception>
    /// <exception cref="LinkException">The function is of other types than the delegate.</exception>
    public TDelegate GetFunction<TDelegate>(string name)
        where TDelegate : Delegate
    {
        var function = Find(name);
        try
        {
            return ExportCall.Create<TDelegate>(function);
        }
        catch (TypeMismatchException e)
        {
            throw new LinkException($"incompatible export type: {(_name is null ? "" : $"\"{_name}\" ")}\"{name}\": {e.Message}");
        }
    }

    /// <summary>
    /// A function that it exports, for values whose types are known only at run time; they are as for <see cref="Invoke"/>. Make it once and keep it. It may
    /// wait without a thread where the guest's modules were compiled for that.
    /// </summary>
    /// <exception cref="KeyNotFoundException">It exports no function of that name.</exception>
    public Func<object?[], ValueTask<object?>> GetFunctionOfValues(string name) => Find(name) is var function && function.TryTakeValues() is { } generated
        ? generated
        : arguments => InvokeAsync(function, arguments);

    /// <summary>
    /// Calls a function that it exports. What goes on behind an asynchronous one's result has its turns while the host waits for a later call.
    /// </summary>
    /// <param name="name">The function's name.</param>
    /// <param name="arguments">As many and of the types that the function's type says.</param>
    /// <returns>What it gives; null for nothing.</returns>
    /// <exception cref="KeyNotFoundException">It exports no function of that name.</exception>
    /// <exception cref="ArgumentException">An argument is of another type.</exception>
    /// <exception cref="ComponentTrap">The component broke a rule of the Component Model, or has trapped before.</exception>
    /// <exception cref="Trap">The guest trapped.</exception>
    public object? Invoke(string name, params object?[] arguments)
    {
        object? result = null;
        Find(name).Call(null, () => arguments, value => result = Plain(value));
        return result;
    }

    static async ValueTask<object?> InvokeAsync(ComponentFunction function, object?[] arguments)
    {
        object? result = null;
        await function.CallAsync(() => arguments, value => result = Plain(value));
        return result;
    }

    /// <summary>Whether a call is in it: one under way, or one that never came back.</summary>
    internal bool IsEntered => _root.IsEntered;

    /// <summary>What it exports by that name, for another component to import.</summary>
    internal object? ExportedValue(string name) => _exports[name];

    /// <summary>Disposes of the host's objects that the guest had handles to. The store and what it holds are not the instance's.</summary>
    public void Dispose() => _root.Dispose();

    ComponentFunction Find(string name) => _exports.GetValueOrDefault(name) as ComponentFunction
        ?? throw new KeyNotFoundException($"the component exports no function \"{name}\"");

    /// <summary>Strings as the host has them. Recursion follows types, whose depth is bounded.</summary>
    static object? Plain(object? value) => value switch
    {
        GuestString text => text.Text,
        object?[] items => Array.ConvertAll(items, Plain),
        VariantValue variant => variant with { Value = Plain(variant.Value) },
        _ => value,
    };
}

using System.Runtime.CompilerServices;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// What the host offers for components to import. Fill it once; from then on any thread may instantiate with it, any number of components and of
/// instances of each.
/// </summary>
/// <typeparam name="TState">What the host keeps for each instance, given to the functions that ask for it.</typeparam>
public sealed class ComponentLinker<TState>
{
    readonly Dictionary<string, HostDefinitions> _interfaces = [];
    readonly HostDefinitions _root = new(null);
    ConditionalWeakTable<Component, LinkedImports> _linked = [];

    /// <summary>Whether code is generated for calls of the host; else values travel by reflection, which tests compare it with.</summary>
    internal bool Generates { get; init; } = true;

    /// <summary>
    /// The interface of that name, such as <c>wasi:io/poll@0.2.0</c>. An import of any compatible version gets it: one that agrees up to the first number
    /// of the version that is not zero, and exactly when one of them is a prerelease.
    /// </summary>
    public ComponentLinkerInterface<TState> Instance(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_interfaces.TryGetValue(name, out var definitions))
            _interfaces.Add(name, definitions = new HostDefinitions(name));
        return new(this, definitions);
    }

    /// <summary>Offers a function at the root of a world; see <see cref="ComponentLinkerInterface{TState}.Function"/>.</summary>
    public ComponentLinker<TState> Function(string name, Delegate body)
    {
        Add(_root, name, body);
        return this;
    }

    /// <summary>Offers a resource at the root of a world; see <see cref="ComponentLinkerInterface{TState}.Resource"/>.</summary>
    public ComponentLinker<TState> Resource<T>(string name)
        where T : class
    {
        Add<T>(_root, name);
        return this;
    }

    /// <summary>Makes an instance. What the component needs is compared with what is here once for each component.</summary>
    /// <param name="store">Whose guest it is; it pays for memories and handles.</param>
    /// <param name="component">What to make an instance of.</param>
    /// <param name="state">What the host's functions are given.</param>
    /// <exception cref="LinkException">An import is missing or of another type, or the store's limits leave no room.</exception>
    /// <exception cref="Trap">A module of it trapped while it was started.</exception>
    /// <exception cref="ComponentTrap">The component broke a rule of the Component Model while it was started.</exception>
    public ComponentInstance Instantiate(Store store, Component component, TState state)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(component);
        return ComponentInstance.Create(store, component, Link(component).Values, state);
    }

    /// <summary>Compares what a component needs with what is here, so that mistakes are found before anything starts.</summary>
    /// <exception cref="LinkException">An import is missing or of another type.</exception>
    public void Check(Component component)
    {
        ArgumentNullException.ThrowIfNull(component);
        Link(component);
    }

    /// <summary>
    /// The imports of a component that nothing here is for, by name: interfaces, and functions and resources of its world. Of those that are here,
    /// <see cref="Check"/> says whether they fit.
    /// </summary>
    public IReadOnlyList<string> Missing(Component component)
    {
        ArgumentNullException.ThrowIfNull(component);
        return [.. component.Type.Imports.Where(import => !Has(import.Key, import.Value)).Select(import => import.Key)];
    }

    /// <summary>Whether an interface of that name is here in a version that will do.</summary>
    public bool Has(string name) => InterfaceName.Find(name, _interfaces.Keys) is not null;

    /// <summary>The names of what is here of an interface, one for each version.</summary>
    /// <param name="path">Its name without a version.</param>
    public IReadOnlyList<string> VersionsOf(string path) => [.. _interfaces.Keys.Where(name => InterfaceName.Parse(name).Path == path)];

    bool Has(string name, ComponentExternType type) => type switch
    {
        ComponentExternType.Instance instance => Has(name) || LinkedImports.IsOfTypesAlone(instance.Type),
        ComponentExternType.Bound { IsAbstract: true } => _root.Resources.ContainsKey(name),
        ComponentExternType.Bound => true,
        _ => _root.Functions.ContainsKey(name),
    };

    internal void Add(HostDefinitions definitions, string name, Delegate body)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(body);
        definitions.Functions[name] = body;
        _linked = [];
    }

    internal void Add(HostDefinitions definitions, Func<string, ComponentFunctionType, Delegate?> any)
    {
        ArgumentNullException.ThrowIfNull(any);
        definitions.Any = any;
        _linked = [];
    }

    internal void Add<T>(HostDefinitions definitions, string name)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        definitions.Resources[name] = HostResource.Of<T>();
        _linked = [];
    }

    /// <summary>What is here of a component's imports, but for those that others give it.</summary>
    internal LinkedImports Link(Component component, Func<string, bool> isGiven) => LinkedImports.Of(component, _interfaces, _root, typeof(TState), Generates, isGiven);

    LinkedImports Link(Component component) =>
        _linked.GetValue(component, each => LinkedImports.Of(each, _interfaces, _root, typeof(TState), Generates));
}

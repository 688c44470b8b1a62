using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// Several components that are to work as one: what one exports is what another imports, by the names of interfaces, and the host offers the rest.
/// Everything is compared before anything starts. Each component keeps a store of its own choosing, with its limits; calls between them copy values and
/// move handles, as the Component Model has it, and share no memory.
/// </summary>
/// <remarks>Fill it once; from then on any thread may check and instantiate it, any number of times.</remarks>
/// <typeparam name="TState">What the host keeps for each instance.</typeparam>
/// <param name="host">What the host offers to all of them, but those that are added with an offer of their own.</param>
public sealed class Composition<TState>(ComponentLinker<TState> host)
{
    readonly OrderedDictionary<string, Component> _parts = [];
    readonly Dictionary<string, ComponentLinker<TState>> _hosts = [];
    readonly Dictionary<(string Part, string Import), string> _chosen = [];
    Plan? _plan;

    /// <summary>Adds a component.</summary>
    /// <param name="name">What it is called here; the same component may be added under several names.</param>
    /// <param name="component">The component.</param>
    /// <param name="own">What the host offers to this one, in place of what it offers to all; a resource of one C# type is the same in both.</param>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public Composition<TState> Add(string name, Component component, ComponentLinker<TState>? own = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(component);
        _parts.Add(name, component);
        if (own is not null)
            _hosts.Add(name, own);
        _plan = null;
        return this;
    }

    /// <summary>Says whose export an import is, where several components export the interface or where it is a name of a world's own.</summary>
    /// <param name="part">Who imports.</param>
    /// <param name="import">The interface or name, as the component imports it.</param>
    /// <param name="from">Who exports it; null for the host.</param>
    public Composition<TState> Choose(string part, string import, string? from)
    {
        ArgumentException.ThrowIfNullOrEmpty(part);
        ArgumentException.ThrowIfNullOrEmpty(import);
        _chosen[(part, import)] = from ?? "";
        _plan = null;
        return this;
    }

    /// <summary>Finds for every import who supplies it, and compares the types.</summary>
    /// <returns>The components in the order in which they are started: each behind those it needs.</returns>
    /// <exception cref="LinkException">Nobody or more than one supplies an import, it is of another type, or components need one another.</exception>
    public IReadOnlyList<string> Check() => [.. Planned().Parts.Select(part => part.Name)];

    /// <summary>Makes an instance of each component.</summary>
    /// <param name="store">The store of a component, by its name; several may be given the same one and share its limits.</param>
    /// <param name="state">What the host's functions are given when that component calls them.</param>
    /// <exception cref="LinkException">As <see cref="Check"/>, or a store's limits leave no room.</exception>
    /// <exception cref="Trap">A module trapped while it was started.</exception>
    /// <exception cref="ComponentTrap">A component broke a rule of the Component Model while it was started.</exception>
    public ComposedInstance Instantiate(Func<string, Store> store, Func<string, TState> state)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(state);
        var made = new ComposedInstance();
        try
        {
            foreach (var part in Planned().Parts)
            {
                var imports = part.Given.Count == 0 ? part.Host!.Values : new Dictionary<string, object?>(part.Host!.Values);
                foreach (var (import, (from, export)) in part.Given)
                    imports.Add(import, made[from].ExportedValue(export));
                made.Add(part.Name, ComponentInstance.Create(store(part.Name), part.Component, imports, state(part.Name)));
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    Plan Planned() => _plan ??= new CompositionPlanner(_parts, _chosen, (name, isGiven) => (_hosts.GetValueOrDefault(name) ?? host).Link(_parts[name], isGiven)).Make();
}

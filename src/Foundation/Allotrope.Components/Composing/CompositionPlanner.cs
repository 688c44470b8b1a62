using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Finds who supplies what, puts components behind those they need, and compares types on the way.</summary>
/// <param name="parts">The components by name.</param>
/// <param name="chosen">Whose export an import is to be; empty for the host's.</param>
/// <param name="link">
/// Finds what the host supplies of a component's imports, but for those that others give it. Null: nobody knows yet, and the host's resources are told
/// apart by their names.
/// </param>
sealed class CompositionPlanner(
    OrderedDictionary<string, Component> parts,
    IReadOnlyDictionary<(string Part, string Import), string> chosen,
    Func<string, Func<string, bool>, LinkedImports>? link)
{
    readonly Dictionary<string, IReadOnlyDictionary<string, ComponentExternType>> _exports = [];
    readonly Dictionary<object, ResourceIdentity> _hostResources = [];
    readonly Dictionary<string, Dictionary<string, (string From, string Export)>> _given = [];

    /// <summary>What is being compared: afterwards, what did not fit.</summary>
    internal (string Part, string Import)? At { get; private set; }

    internal Plan Make()
    {
        foreach (var ((part, import), from) in chosen)
        {
            if (!parts.TryGetValue(part, out var component) || !component.Type.Imports.ContainsKey(import))
                throw new LinkException($"unknown import \"{import}\" of component `{part}`: whose export it is was chosen, but there is no such {(parts.ContainsKey(part) ? "import" : "component")}");
            if (from.Length > 0 && !parts.ContainsKey(from))
                throw new LinkException($"unknown import \"{import}\" of component `{part}`: it was to be an export of component `{from}`, which there is not");
        }

        foreach (var (name, component) in parts)
            _given.Add(name, Suppliers(name, component));
        return new(Order().ConvertAll(Compare));
    }

    Dictionary<string, (string From, string Export)> Suppliers(string name, Component component)
    {
        var given = new Dictionary<string, (string, string)>();
        foreach (var import in component.Type.Imports.Keys)
        {
            At = (name, import);
            if (chosen.TryGetValue((name, import), out var from))
            {
                if (from.Length > 0)
                    given.Add(import, (from, Export(parts[from], import) ?? throw new LinkException($"unknown import \"{import}\" of component `{name}`: component `{from}` was chosen for it and exports nothing of that name")));
                continue;
            }

            if (!import.Contains(':', StringComparison.Ordinal))
                continue;
            var found = parts.Where(other => other.Key != name).Select(other => (From: other.Key, Export: Export(other.Value, import))).Where(other => other.Export is not null).ToList();
            if (found.Count > 1)
                throw new LinkException($"ambiguous import \"{import}\" of component `{name}`: {string.Join(" and ", found.Select(each => $"`{each.From}`"))} export it; choose one");
            if (found.Count == 1)
                given.Add(import, (found[0].From, found[0].Export!));
        }

        return given;
    }

    static string? Export(Component component, string import) =>
        component.Type.Exports.ContainsKey(import) ? import
        : import.Contains(':', StringComparison.Ordinal) ? InterfaceName.Find(import, component.Type.Exports.Keys)
        : null;

    /// <summary>Components that need nothing of others first, without recursion.</summary>
    List<string> Order()
    {
        At = null;
        var order = new List<string>();
        var open = new HashSet<string>(parts.Keys);
        while (open.Count > 0)
        {
            var ready = parts.Keys.Where(name => open.Contains(name) && !_given[name].Values.Any(each => open.Contains(each.From))).ToList();
            if (ready.Count == 0)
                throw Cycle(open);
            order.AddRange(ready);
            open.ExceptWith(ready);
        }

        return order;
    }

    LinkException Cycle(HashSet<string> open)
    {
        var path = new List<string>();
        var name = parts.Keys.First(open.Contains);
        while (!path.Contains(name))
        {
            path.Add(name);
            name = _given[name].Values.First(each => open.Contains(each.From)).From;
        }

        path.RemoveRange(0, path.IndexOf(name));
        path.Add(name);
        var steps = path.Zip(path.Skip(1), (one, other) => $"`{one}` imports \"{_given[one].First(each => each.Value.From == other).Key}\" of `{other}`");
        return new LinkException($"components need one another, so none can be started first: {string.Join(", ", steps)}");
    }

    /// <summary>Compares what a component imports with what it is given, as if all were instances within one component.</summary>
    PlannedPart Compare(string name)
    {
        var component = parts[name];
        var given = _given[name];
        var matching = new Matching(new TypeWork());
        try
        {
            var host = link?.Invoke(name, given.ContainsKey);
            foreach (var (import, wanted) in component.Type.Imports)
            {
                At = (name, import);
                if (given.TryGetValue(import, out var supplier))
                    Require(matching, name, import, wanted, supplier);
                else
                    TakeHostResources(matching, host, import, wanted);
            }

            _exports.Add(name, ScopeTypes.Fresh(component.Type.Exports, component.Type.Own, [], matching.Substitution));
            return new(name, component, host, given);
        }
        catch (LinkException e) when (parts.Count > 1 && !e.Message.Contains($"component `{name}`", StringComparison.Ordinal))
        {
            throw new LinkException($"component `{name}`: {e.Message}");
        }
        catch (TypeMismatchException e)
        {
            throw new LinkException($"component `{name}`: {e.Message}");
        }
    }

    void Require(Matching matching, string name, string import, ComponentExternType wanted, (string From, string Export) supplier)
    {
        try
        {
            matching.Require(_exports[supplier.From][supplier.Export], wanted);
        }
        catch (TypeMismatchException e)
        {
            throw new LinkException($"incompatible import type: component `{name}` imports \"{import}\" and component `{supplier.From}` exports \"{supplier.Export}\" in another form: {e.Message}");
        }
    }

    /// <summary>The host's resources are the same for all components.</summary>
    void TakeHostResources(Matching matching, LinkedImports? host, string import, ComponentExternType wanted)
    {
        var types = wanted is ComponentExternType.Instance instance ? instance.Type.Exports : new Dictionary<string, ComponentExternType> { [import] = wanted };
        foreach (var (name, each) in types)
        {
            if (each is not ComponentExternType.Bound { Is: ResourceType resource, IsAbstract: true })
                continue;
            object? known = host is null ? (InterfaceName.Parse(import).Path, name) : host.HostResourceOf(resource);
            if (known is null)
                continue;
            if (!_hostResources.TryGetValue(known, out var identity))
                _hostResources.Add(known, identity = new ResourceIdentity { Name = (known as HostResource)?.Name ?? name });
            matching.Require(new ComponentExternType.Bound(new ResourceType(identity), IsAbstract: true), each);
        }
    }
}

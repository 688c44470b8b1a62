using Allotrope.Contracts;

namespace Allotrope.Planner;

/// <summary>Who may call whom, by workload, across all blueprints.</summary>
sealed class Wiring
{
    readonly Dictionary<string, List<BoundLink>> _from = [];
    readonly Dictionary<string, List<IncomingLink>> _to = [];

    /// <summary>What <paramref name="workload"/> may call.</summary>
    public IReadOnlyList<BoundLink> From(string workload) => _from.GetValueOrDefault(workload) ?? [];

    /// <summary>Whom a capability or a zone serves, with each link's settings.</summary>
    public IReadOnlyList<IncomingLink> To(string workload) => _to.GetValueOrDefault(workload) ?? [];

    public static Wiring Of(IReadOnlyCollection<Contract> contracts, List<Obstacle> obstacles)
    {
        var wiring = new Wiring();
        var blueprints = contracts.Select(contract => contract.Blueprint).OfType<Blueprint>().ToDictionary(blueprint => blueprint.Name);
        foreach (var blueprint in blueprints.Values)
            foreach (var component in blueprint.Components)
                wiring.Add(blueprint, component, blueprints, obstacles);
        return wiring;
    }

    void Add(Blueprint blueprint, Component component, Dictionary<string, Blueprint> blueprints, List<Obstacle> obstacles)
    {
        var source = Resolve(blueprint, component, blueprints, out var reason);
        if (source is { Component.Kind: ComponentKind.Actor or ComponentKind.Component } && component is { StandsFor: not null, Links.Count: > 0 })
            (source, reason) = (null, $"it is {Article(source!.Component.Kind)} of another blueprint, whose links are not this one's to give");
        if (source is null)
        {
            obstacles.Add(new(blueprint.Name, component.Name, reason!));
            return;
        }
        foreach (var link in component.Links)
        {
            var target = Resolve(blueprint, blueprint.Components.First(other => other.Name == link.Target), blueprints, out _);
            if (target is not null) // otherwise the target's own obstacle tells
                Bind(source, target, link);
        }
    }

    void Bind(Workload source, Workload target, Link link)
    {
        // A call to an actor names it by its alias; a call to a capability, and any call of the second dialect, by contract.
        var contract = link.IsLinkdef && target.Component.Kind is ComponentKind.Actor ? link.Target : link.Contract;
        var bound = new BoundLink(target.Id, target.Component.Kind, contract, link.Name, link.Settings) { Interfaces = link.Interfaces };
        string[] interfaces = [.. bound.QualifiedInterfaces];
        AddTo(_from, source.Id, bound);
        if (target.Component.Kind is not (ComponentKind.Actor or ComponentKind.Component))
            AddTo(_to, target.Id, new IncomingLink(source.Id, link.Name, link.Settings) { Kind = source.Component.Kind, Interfaces = interfaces });
        // In the second dialect the side that calls is the one that links, and an HTTP server calls: it serves those it links to.
        else if (source.Component.Kind is ComponentKind.Capability)
            AddTo(_to, source.Id, new IncomingLink(target.Id, link.Name, link.Settings) { Kind = target.Component.Kind, Interfaces = interfaces });
    }

    /// <summary>The workload a component is, which may be another, shared blueprint's.</summary>
    static Workload? Resolve(Blueprint blueprint, Component component, Dictionary<string, Blueprint> blueprints, out string? reason)
    {
        reason = null;
        if (component.StandsFor is not var (otherName, partName))
            return new(WorkloadId.Of(blueprint.Name, component.Name), component);
        var stands = $"it stands for '{partName}' of blueprint '{otherName}', which";
        if (!blueprints.TryGetValue(otherName, out var other))
            reason = $"{stands} is not applied";
        else if (!other.Shared)
            reason = $"{stands} does not share its components (annotation {Blueprint.SharedAnnotation})";
        else if (other.Components.FirstOrDefault(part => part.Name == partName) is not { StandsFor: null } part)
            reason = $"{stands} has no such component";
        else if (part.Kind != component.Kind)
            reason = $"{stands} has it as {Article(part.Kind)}";
        else
            return new(WorkloadId.Of(otherName, partName), part);
        return null;
    }

    static string Article(ComponentKind kind) => kind switch
    {
        ComponentKind.Capability => "a capability",
        ComponentKind.Zone => "a zone",
        ComponentKind.Component => "a component",
        _ => "an actor",
    };

    static void AddTo<T>(Dictionary<string, List<T>> lists, string key, T item)
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        list.Add(item);
    }

    sealed record Workload(string Id, Component Component);
}

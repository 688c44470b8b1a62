using Allotrope.Contracts;

namespace Allotrope.Planner;

/// <summary>What every node is to run, and what stands in the way of the rest. A function of the contracts, the nodes and the
/// restarts asked for, nothing else.</summary>
/// <param name="Assignments">By key in the bucket.</param>
/// <param name="Obstacles">By blueprint: what cannot be done as things are.</param>
sealed record Plan(IReadOnlyDictionary<string, Assignment> Assignments, ILookup<string, Obstacle> Obstacles)
{
    public static readonly Plan Empty = Of([], [], new Dictionary<string, int>());

    public static Plan Of(IReadOnlyCollection<Contract> contracts, IReadOnlyList<NodeDescription> nodes, IReadOnlyDictionary<string, int> restarts)
    {
        var (assignments, obstacles) = (new SortedDictionary<string, Assignment>(StringComparer.Ordinal), new List<Obstacle>());
        var wiring = Wiring.Of(contracts, obstacles);
        foreach (var contract in contracts)
            foreach (var component in contract.Blueprint?.Components ?? [])
                foreach (var (node, instances) in Place(contract, component, nodes, obstacles))
                {
                    var assignment = Assign(contract, component, node, instances, wiring);
                    assignments[KeyOf(node, assignment.Workload)] = assignment with { Restarts = restarts.GetValueOrDefault(assignment.Workload) };
                }
        return new(assignments, obstacles.ToLookup(obstacle => obstacle.Blueprint));
    }

    public static string KeyOf(string node, string workload) => $"{node}.{workload}";

    static IReadOnlyList<Placed> Place(Contract contract, Component component, IReadOnlyList<NodeDescription> nodes, List<Obstacle> obstacles)
    {
        if (component.StandsFor is not null)
            return [];
        if (ReasonAgainst(component) is { } reason)
        {
            obstacles.Add(new(contract.Name, component.Name, reason));
            return [];
        }
        var placement = Placement.Of(component.Scaling, nodes);
        obstacles.AddRange(placement.Shortfalls.Select(shortfall => new Obstacle(contract.Name, component.Name, shortfall)));
        return placement.Placed;
    }

    static string? ReasonAgainst(Component component) =>
        component.Secrets is [var secret, ..]
            ? $"it asks for the secret '{secret.Name}', and no node keeps secrets yet: take it out"
        : component.Links.SelectMany(link => link.AtSource.Secrets.Concat(link.AtTarget.Secrets)).FirstOrDefault() is { } linked
            ? $"a link asks for the secret '{linked.Name}', and no node keeps secrets yet: take it out"
        : component.Kind is ComponentKind.Capability && !ImageReference.Parse(component.Image!).IsBuiltin
            ? $"its image {ImageReference.Parse(component.Image!).Path} is a provider of its own, and nodes run only built-in ones yet: "
                + string.Join(" or ", Builtins.Contracts.Keys.Order(StringComparer.Ordinal).Select(name => "builtin:" + name))
        : null;

    static Assignment Assign(Contract contract, Component component, string node, int instances, Wiring wiring)
    {
        var workload = WorkloadId.Of(contract.Name, component.Name);
        return new(
            node, workload, contract.Name, component.Name, contract.Revision, component.Kind, component.Image ?? "",
            component.Contract, component.LinkName,
            instances, component.Limits, component.Settings, wiring.From(workload), wiring.To(workload), component.Zone)
        {
            RecordsTraps = component.RecordsTraps,
            ReusesInstances = component.ReusesInstances,
            Hosts = component.Hosts,
            Peers = component.Peers,
            Folders = component.Folders,
        };
    }
}

/// <param name="Reason">The rest of a sentence that begins with the component's name.</param>
sealed record Obstacle(string Blueprint, string Component, string Reason);

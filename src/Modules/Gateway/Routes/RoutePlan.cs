using System.Net;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Gateway;

/// <summary>Which links become routes and which are refused, worked out from all assignments at once.</summary>
/// <param name="Routes">No two of them share a claim.</param>
/// <param name="Refusals">What is wrong, under the provider whose status tells it.</param>
sealed record RoutePlan(IReadOnlyList<Route> Routes, ILookup<string, Fault> Refusals)
{
    public static readonly RoutePlan Empty = new([], Array.Empty<Fault>().ToLookup(_ => ""));

    /// <param name="held">
    /// The routes in force now. A link that holds its claim keeps it, so that a newcomer cannot take a running service off the air; between
    /// newcomers the older blueprint revision wins. A link that asks for what it cannot have keeps what it has: as with an actor that does not
    /// start, a mistake leaves the running service alone.
    /// </param>
    /// <param name="unopened">Addresses that were found not to open: a link that would move to one stays where it is.</param>
    public static RoutePlan Make(
        IEnumerable<Assignment> providers, IReadOnlyList<Route> held, GatewayOptions options, IReadOnlyDictionary<IPEndPoint, Fault>? unopened = null)
    {
        var refusals = new List<(string Provider, Fault Fault)>();
        var wanted = new List<Route>();
        var kept = new List<Route>();
        foreach (var provider in providers.OrderBy(provider => provider.Revision).ThenBy(provider => provider.Workload, StringComparer.Ordinal))
        {
            foreach (var link in provider.LinkedFrom)
            {
                try
                {
                    var route = LinkValues.Read(provider.Workload, link, options);
                    if (unopened?.GetValueOrDefault(route.EndPoint) is { } fault && held.Any(route.SameLink))
                        throw new FaultException(fault);
                    wanted.Add(route);
                }
                catch (FaultException error)
                {
                    refusals.Add((provider.Workload, error.Fault));
                    kept.AddRange(held.Where(route => route.IsOf(provider.Workload, link)));
                }
            }
        }

        var holders = held.ToDictionary(route => route.Claim);
        var routes = kept.Distinct().ToDictionary(route => route.Claim);
        var inOrder = wanted
            .OrderByDescending(route => holders.TryGetValue(route.Claim, out var holder) && holder.SameLink(route))
            .ThenByDescending(route => held.Any(route.SameLink)); // so that one that cannot move finds its old place free
        foreach (var route in inOrder)
        {
            if (routes.TryAdd(route.Claim, route))
                continue;
            refusals.Add((route.Provider, Taken(route, routes[route.Claim])));
            if (held.FirstOrDefault(route.SameLink) is { } before)
                routes.TryAdd(before.Claim, before);
        }
        return new([.. routes.Values], refusals.Distinct().ToLookup(refusal => refusal.Provider, refusal => refusal.Fault));
    }

    static Fault.Conflict Taken(Route route, Route holder) => new(
        $"{route.Workload} and {holder.Workload} are both linked to {route.Claim}, and {holder.Workload} has it; " +
        $"give one of the two links another port, host or path.");
}

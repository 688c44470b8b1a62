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
    /// The routes in force now. A link that holds its claim keeps it, so that a newcomer cannot take a running service off the air;
    /// between newcomers the older blueprint revision wins.
    /// </param>
    public static RoutePlan Make(IEnumerable<Assignment> providers, IReadOnlyList<Route> held, GatewayOptions options)
    {
        var refusals = new List<(string Provider, Fault Fault)>();
        var wanted = new List<Route>();
        foreach (var provider in providers.OrderBy(provider => provider.Revision).ThenBy(provider => provider.Workload, StringComparer.Ordinal))
        {
            foreach (var link in provider.LinkedFrom)
            {
                try
                {
                    wanted.Add(LinkValues.Read(provider.Workload, link, options));
                }
                catch (FaultException error)
                {
                    refusals.Add((provider.Workload, error.Fault));
                }
            }
        }

        var holders = held.ToDictionary(route => route.Claim);
        var routes = new Dictionary<RouteClaim, Route>();
        foreach (var route in wanted.OrderByDescending(route => holders.TryGetValue(route.Claim, out var holder) && holder.SameLink(route)))
        {
            if (!routes.TryAdd(route.Claim, route))
                refusals.Add((route.Provider, Taken(route, routes[route.Claim])));
        }
        return new([.. routes.Values], refusals.ToLookup(refusal => refusal.Provider, refusal => refusal.Fault));
    }

    static Fault.Conflict Taken(Route route, Route holder) => new(
        $"{route.Workload} and {holder.Workload} are both linked to {route.Claim}, and {holder.Workload} has it; " +
        $"give one of the two links another port, host or path.");
}

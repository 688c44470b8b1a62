using System.Collections.Frozen;

namespace Allotrope.Gateway;

/// <summary>
/// Finds the route of a request at one listener: first among the routes that name its host, then among those for any host, and in each
/// the longest path prefix. A prefix matches whole segments: <c>/shop</c> takes <c>/shop</c> and <c>/shop/7</c> but not <c>/shopping</c>.
/// Immutable; a change of routes is a new table.
/// </summary>
sealed class RouteTable
{
    readonly Route[] _anyHost;
    readonly FrozenDictionary<string, Route[]> _hosts;
    readonly FrozenDictionary<string, Route[]>.AlternateLookup<ReadOnlySpan<char>> _byHost;

    public RouteTable(IEnumerable<Route> routes)
    {
        var byHost = routes.ToLookup(route => route.Host);
        _anyHost = LongestFirst(byHost[null]);
        _hosts = byHost.Where(group => group.Key is not null)
            .ToFrozenDictionary(group => group.Key!, LongestFirst, StringComparer.OrdinalIgnoreCase);
        _byHost = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <param name="hostHeader">The request's Host, with or without a port.</param>
    /// <param name="path">The decoded path without dot segments.</param>
    public Route? Find(ReadOnlySpan<char> hostHeader, string path) =>
        (_hosts.Count > 0 && _byHost.TryGetValue(WithoutPort(hostHeader), out var routes) ? Find(routes, path) : null)
        ?? Find(_anyHost, path);

    static Route? Find(Route[] routes, string path)
    {
        foreach (var route in routes)
            if (Matches(route.Path, path))
                return route;
        return null;
    }

    static bool Matches(string prefix, string path) =>
        path.StartsWith(prefix, StringComparison.Ordinal)
        && (prefix.Length == 1 || path.Length == prefix.Length || path[prefix.Length] == '/');

    static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.IndexOf(':');
        return colon < 0 ? host : host[..colon];
    }

    static Route[] LongestFirst(IEnumerable<Route> routes) => [.. routes.OrderByDescending(route => route.Path.Length)];
}

using System.Net;
using Allotrope.Kernel;

namespace Allotrope.Gateway;

/// <summary>
/// The open listeners, kept equal to what the routes need: a listener opens with the first route on its address and closes after the last.
/// Used by one flow of control at a time.
/// </summary>
sealed class Listeners(RequestSender sender, GatewayServices services) : IAsyncDisposable
{
    readonly Dictionary<IPEndPoint, Listener> _open = [];
    readonly Dictionary<IPEndPoint, Fault> _faults = [];
    readonly Dictionary<IPEndPoint, Task> _closing = [];

    /// <summary>Addresses that routes need and that could not be opened, with the reason.</summary>
    public IReadOnlyDictionary<IPEndPoint, Fault> Faults => _faults;

    /// <summary>Opens, changes and closes listeners; one that cannot open leaves the others alone. Calling it again tries those again.</summary>
    public async Task ApplyAsync(IReadOnlyList<Route> routes, CancellationToken cancellation)
    {
        var wanted = routes.ToLookup(route => route.EndPoint);
        foreach (var endPoint in _open.Keys.Where(endPoint => !wanted.Contains(endPoint)).ToArray())
        {
            _open.Remove(endPoint, out var listener);
            _closing[endPoint] = listener!.DisposeAsync().AsTask();
        }
        _faults.Clear();
        foreach (var group in wanted)
            await ServeAsync(group.Key, new RouteTable(group), cancellation);
    }

    /// <summary>The address people use for a route, or <see langword="null"/> while its listener is not open.</summary>
    public string? UrlOf(Route route)
    {
        if (!_open.TryGetValue(route.EndPoint, out var listener))
            return null;
        var host = route.Host ?? (IsAny(route.EndPoint.Address) ? "localhost" : listener.Address.Host);
        return new UriBuilder(listener.Address) { Host = host, Path = route.Path }.Uri.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        var closing = _open.Values.Select(listener => listener.DisposeAsync().AsTask()).Concat(_closing.Values).ToArray();
        _open.Clear();
        _closing.Clear();
        await Task.WhenAll(closing);
    }

    async Task ServeAsync(IPEndPoint endPoint, RouteTable routes, CancellationToken cancellation)
    {
        if (_open.TryGetValue(endPoint, out var listener))
        {
            listener.Use(routes);
            return;
        }
        // The same address may still be draining: only one server can hold it
        if (_closing.Remove(endPoint, out var closed))
            await closed;
        try
        {
            _open[endPoint] = await Listener.OpenAsync(endPoint, routes, sender, services, cancellation);
        }
        catch (FaultException error)
        {
            _faults[endPoint] = error.Fault;
        }
    }

    static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}

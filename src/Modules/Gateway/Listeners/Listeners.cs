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
    readonly Dictionary<Listener, Task> _closing = [];

    /// <summary>Addresses that routes need and that could not be opened, with the reason.</summary>
    public IReadOnlyDictionary<IPEndPoint, Fault> Faults => _faults;

    public bool IsOpen(Route route) => _open.ContainsKey(route.EndPoint);

    /// <summary>
    /// Opens what the routes need and leaves the rest as it is, so that a route can stay where it was when its new address cannot be had.
    /// One that cannot open leaves the others alone; calling it again tries it again.
    /// </summary>
    /// <param name="mayInterrupt">Whether a listener that no route needs any more closes first where it overlaps one that is to open.</param>
    public async Task OpenAsync(IReadOnlyList<Route> routes, bool mayInterrupt, CancellationToken cancellation)
    {
        var wanted = routes.ToLookup(route => route.EndPoint);
        _faults.Clear();
        foreach (var group in wanted.Where(group => !_open.ContainsKey(group.Key)))
        {
            if (mayInterrupt)
                Close(endPoint => !wanted.Contains(endPoint) && _open[endPoint].Overlaps(group.Key));
            await OpenAsync(group.Key, new RouteTable(group), cancellation);
        }
    }

    /// <summary>Puts the routes in force, opens again what closed in vain for another address, and closes what no route needs.</summary>
    public async Task ServeAsync(IReadOnlyList<Route> routes, CancellationToken cancellation)
    {
        var wanted = routes.ToLookup(route => route.EndPoint);
        foreach (var group in wanted)
        {
            if (_open.TryGetValue(group.Key, out var listener))
                listener.Use(new RouteTable(group));
            else if (!_faults.ContainsKey(group.Key))
                await OpenAsync(group.Key, new RouteTable(group), cancellation);
        }
        Close(endPoint => !wanted.Contains(endPoint));
    }

    /// <summary>The address people use for a route, or <see langword="null"/> while its listener is not open.</summary>
    public string? UrlOf(Route route)
    {
        if (!_open.TryGetValue(route.EndPoint, out var listener))
            return null;
        var host = route.Host ?? (route.EndPoint.Address.IsAny ? "localhost" : listener.Address.Host);
        return new UriBuilder(listener.Address) { Host = host, Path = route.Path }.Uri.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        var closing = _open.Values.Select(listener => listener.DisposeAsync().AsTask()).Concat(_closing.Values).ToArray();
        _open.Clear();
        _closing.Clear();
        await Task.WhenAll(closing);
    }

    void Close(Func<IPEndPoint, bool> which)
    {
        foreach (var endPoint in _open.Keys.Where(which).ToArray())
        {
            _open.Remove(endPoint, out var listener);
            _closing[listener!] = listener!.DisposeAsync().AsTask();
        }
        foreach (var closed in _closing.Where(closing => closing.Value.IsCompletedSuccessfully).ToArray())
            _closing.Remove(closed.Key);
    }

    async Task OpenAsync(IPEndPoint endPoint, RouteTable routes, CancellationToken cancellation)
    {
        // The address may still be draining: only one server can hold it
        foreach (var (listener, closed) in _closing.Where(closing => closing.Key.Overlaps(endPoint)).ToArray())
        {
            await closed;
            _closing.Remove(listener);
        }
        try
        {
            _open[endPoint] = await Listener.OpenAsync(endPoint, routes, sender, services, cancellation);
        }
        catch (FaultException error)
        {
            _faults[endPoint] = error.Fault;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Allotrope.Artery;
using Allotrope.Kernel;
using Allotrope.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Allotrope.Arteries;

/// <summary>
/// Takes the arteries that others dial: WebSocket upgrades on <c>/artery</c>, <c>artery.v1</c> or without subprotocol the original JSON.
/// </summary>
sealed class ArteryListener : IAsyncDisposable
{
    readonly WebApplication _host;
    readonly ZoneDirectory _zones;
    readonly TimeProvider _time;
    readonly IRandom _random;
    readonly CancellationTokenSource _stopping = new();

    ArteryListener(WebApplication host, ZoneDirectory zones, TimeProvider time, IRandom random, ILogger log)
    {
        (_host, _zones, _time, _random) = (host, zones, time, random);
        Refusals = new Refusals(log, time);
    }

    /// <summary>Who came and could not prove a key.</summary>
    public Refusals Refusals { get; }

    /// <summary>Where it listens really.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    /// <exception cref="FaultException">The address cannot be had; the fault says why.</exception>
    public static async Task<ArteryListener> OpenAsync(
        ArteriesOptions options, ZoneDirectory zones, TimeProvider time, IRandom random, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().SpareDescriptors().ConfigureKestrel(kestrel => Configure(kestrel, options));
        // What reads and writes a wire never blocks, so it may run where its socket's events arrive: two changes of thread less on each intent's way
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        if (options.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var host = builder.Build();
        var listener = new ArteryListener(host, zones, time, random, loggers.CreateLogger("Allotrope.Arteries"));
        host.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero }); // heartbeats find out who is there, so pings need not
        host.Run(listener.HandleAsync);
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await host.DisposeAsync();
            throw new FaultException(WhyNot(options, error), error);
        }
        listener.Address = new(host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return listener;
    }

    /// <summary>Takes no more, and ends the wires that are open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _host.StopAsync();
        await _host.DisposeAsync();
        _stopping.Dispose();
    }

    async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            context.Response.StatusCode = StatusCodes.Status501NotImplemented; // as the original answers
        else if (context.Request.Path != WebSocketTransport.Path)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (context.WebSockets.WebSocketRequestedProtocols.Contains(WebSocketTransport.Subprotocol))
            await TakeAsync(context);
        else if (context.WebSockets.WebSocketRequestedProtocols.Count == 0 && FindLegacy(context) is ({ } zone, { } member))
            await TakeLegacyAsync(context, zone, member);
        else
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
    }

    async Task TakeAsync(HttpContext context)
    {
        var requireSealed = !context.Request.IsHttps && !IsLoopback(context.Connection.RemoteIpAddress);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketTransport.Subprotocol);
        await using var wire = ArteryWire.Accept(
            new WebSocketTransport(socket), hello => _zones.Find(hello.Zone)?.Judge(hello, requireSealed), _time, _random);
        try
        {
            var end = await wire.Completion.WaitAsync(_stopping.Token);
            if (!wire.IsProved)
                Refusals.Add(context.Connection.RemoteIpAddress, end.Code, end.Text);
        }
        catch (OperationCanceledException)
        {
            await wire.CloseAsync(CloseCode.Leaving, "The node is stopping.");
        }
    }

    async Task TakeLegacyAsync(HttpContext context, RunningZone zone, Member member)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var artery = new LegacyArtery(zone.Core, member, new WebSocketTransport(socket, WebSocketMessageType.Text), _time);
        await artery.RunAsync(_stopping.Token);
    }

    /// <summary>
    /// The original JSON carries no proof of the key, so it is for peers on the machine or in private networks; and for programs only: a browser,
    /// which says an origin, is there too, and would speak for any page of the web that it shows.
    /// </summary>
    (RunningZone?, Member?) FindLegacy(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } peer || !IsNear(peer) || context.Request.Headers.Origin.Count > 0)
            return default;
        var query = context.Request.Query;
        var zone = query["zone"].ToString() is { Length: > 0 } named ? _zones.Find(named) : _zones.Only;
        return (zone, zone?.FindLegacy(query["service"].ToString() is { Length: > 0 } service ? service : null));
    }

    static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    static bool IsNear(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal
            || address.GetAddressBytes() is [10, _, _, _] or [172, >= 16 and < 32, _, _] or [192, 168, _, _];
    }

    static void Configure(KestrelServerOptions kestrel, ArteriesOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxConcurrentConnections = options.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.Connections;
        // From the first byte to the last of a request's head, and until the first: who connects and says nothing goes too
        kestrel.Limits.RequestHeadersTimeout = ArteryLimits.HandshakeTime;
        kestrel.Limits.KeepAliveTimeout = ArteryLimits.HandshakeTime;
        kestrel.Listen(new IPEndPoint(options.ListenAddress, options.Port), listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (options.Certificate is { } certificate)
                listen.UseHttps(certificate);
        });
    }

    static Fault WhyNot(ArteriesOptions options, Exception error) => error is AddressInUseException || error.InnerException is AddressInUseException
        ? new Fault.Conflict(
            $"port {options.Port} on {options.ListenAddress} is already in use: stop the program that has it, or give arteries another with --artery-port.")
        : new Fault.Unreachable($"port {options.Port} on {options.ListenAddress} cannot be opened for arteries: {error.Message}");
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Allotrope.Kernel;
using Allotrope.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Allotrope.Gateway;

/// <summary>
/// One Kestrel server on one address. There is a server for each address, not one for all, so that opening or closing a port touches no other;
/// the request pipeline is our own terminal handler without any middleware.
/// </summary>
sealed class Listener : IAsyncDisposable
{
    readonly IPEndPoint _asked;
    readonly WebApplication _host;
    readonly RequestHandler _handler;
    readonly TimeSpan _drainTime;

    Listener(IPEndPoint asked, WebApplication host, RequestHandler handler, TimeSpan drainTime)
    {
        _asked = asked;
        _host = host;
        _handler = handler;
        _drainTime = drainTime;
    }

    /// <summary>Where it listens really; the port is the system's choice where 0 was asked for.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    /// <exception cref="FaultException">The address cannot be had; the fault says why and what to do.</exception>
    public static async Task<Listener> OpenAsync(
        IPEndPoint endPoint, RouteTable routes, RequestSender sender, GatewayServices services, CancellationToken cancellation)
    {
        var options = services.Options;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(services.Loggers);
        builder.WebHost.UseKestrelCore().SpareDescriptors().ConfigureKestrel(kestrel => Configure(kestrel, endPoint, options));
        if (options.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var listener = new Listener(endPoint, builder.Build(), new RequestHandler(routes, sender, services), options.DrainTime);
        try
        {
            await listener.Server.StartAsync(listener._handler, cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await listener._host.DisposeAsync();
            throw new FaultException(WhyNot(endPoint, error), error);
        }
        listener.Address = new(listener.Server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return listener;
    }

    IServer Server => _host.Services.GetRequiredService<IServer>();

    /// <summary>True when the system would not let both listen at once.</summary>
    public bool Overlaps(IPEndPoint endPoint) => endPoint.Port == Address.Port
        && (_asked.Address.Equals(endPoint.Address) || _asked.Address.IsAny || endPoint.Address.IsAny);

    /// <summary>Puts other routes in force. Requests under way finish on the route they began with.</summary>
    public void Use(RouteTable routes) => _handler.Routes = routes;

    /// <summary>Takes no more connections, lets requests under way finish for the drain time, then cuts them off.</summary>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(_drainTime);
        await Server.StopAsync(deadline.Token);
        await _host.DisposeAsync();
    }

    static void Configure(KestrelServerOptions kestrel, IPEndPoint endPoint, GatewayOptions options)
    {
        var limits = options.Limits;
        kestrel.AddServerHeader = false;
        // A character for each byte, so that components are given values as they came and send theirs as they are.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.Limits.MaxRequestBodySize = limits.BodyLength;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeadersLength;
        kestrel.Limits.MaxRequestHeaderCount = limits.HeaderCount;
        kestrel.Limits.MaxRequestLineSize = limits.RequestLineLength;
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadersTime;
        kestrel.Limits.KeepAliveTimeout = limits.IdleTime;
        kestrel.Limits.MinRequestBodyDataRate = new(limits.SlowestClient, limits.SlowClientGrace);
        kestrel.Limits.MinResponseDataRate = new(limits.SlowestClient, limits.SlowClientGrace);
        kestrel.Listen(endPoint, listen =>
        {
            // HTTP/2 needs TLS to be negotiated; without it clients speak HTTP/1.1
            listen.Protocols = options.Certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (options.Certificate is { } certificate)
                listen.UseHttps(certificate);
        });
    }

    static Fault WhyNot(IPEndPoint endPoint, Exception error) => error switch
    {
        { InnerException: AddressInUseException } => new Fault.Conflict(
            $"port {endPoint.Port} on {endPoint.Address} is already in use by another program; stop that program, " +
            "or give the link another port (the value `port`)."),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => new Fault.Refused(
            $"port {endPoint.Port} on {endPoint.Address} needs privileges this node does not have; use a port from 1024 on, " +
            "or allow it to bind lower ones."),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => new Fault.Invalid(
            "address", $"{endPoint.Address} is no address of this machine; use 127.0.0.1 or one that the machine has."),
        _ => new Fault.Unreachable($"port {endPoint.Port} on {endPoint.Address} cannot be opened: {error.Message}"),
    };
}

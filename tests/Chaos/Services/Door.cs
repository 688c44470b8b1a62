using System.Net;
using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Artery.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Allotrope.Chaos.Services;

/// <summary>The WebSocket server of a service that lets the core dial it.</summary>
sealed class Door : IAsyncDisposable
{
    readonly WebApplication _host;
    readonly Channel<CoreWire> _wires = Channel.CreateUnbounded<CoreWire>();

    Door(WebApplication host) => _host = host;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    public CoreWay Way => CoreWay.Accept(async cancellation => await _wires.Reader.ReadAsync(cancellation));

    public static async Task<Door> OpenAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var door = new Door(builder.Build());
        door._host.UseWebSockets();
        door._host.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketTransport.Subprotocol);
            var transport = new DoorTransport(new WebSocketTransport(socket));
            door._wires.Writer.TryWrite(new CoreWire(transport, IsPrivate: true));
            await transport.Gone;
        });
        await door._host.StartAsync();
        var address = door._host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        door.EndPoint = new IPEndPoint(IPAddress.Loopback, new Uri(address).Port);
        return door;
    }

    public async ValueTask DisposeAsync()
    {
        while (_wires.Reader.TryRead(out var wire))
            await wire.Transport.DisposeAsync();
        await _host.StopAsync();
        await _host.DisposeAsync();
    }

    /// <summary>Tells the server's request when its socket is given up.</summary>
    sealed class DoorTransport(IArteryTransport inner) : IArteryTransport
    {
        readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Gone => _gone.Task;

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation) => inner.SendAsync(frame, cancellation);

        public ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation) => inner.ReceiveAsync(maxBytes, cancellation);

        public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) => inner.CloseAsync(code, text, cancellation);

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _gone.TrySetResult();
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Artery.Client.Tests;

/// <summary>The client's own listener, for cores that dial their services.</summary>
public sealed class ListeningTests : IAsyncDisposable
{
    readonly FakeCore _core = new();
    readonly CoreWay _way = CoreWay.Listen(0, IPAddress.Loopback);
    readonly ArteryService _service;
    readonly Task _started;

    public ListeningTests()
    {
        _service = new ArteryService(_core.Options with { Core = _way });
        _started = _service.StartAsync(Soon);
    }

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_core_dials_and_is_heard()
    {
        await using var link = await DialAsync();
        await _started;
        await _service.SendAsync("a", timeOut: Patience);
        Assert.Equal("a 1 null", await _core.NextAsync());
    }

    [Theory]
    [InlineData("GET /artery HTTP/1.1\r\nHost: a\r\n\r\n", 501)]
    [InlineData("GET /other HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Protocol: artery.v1\r\n\r\n", 404)]
    [InlineData("GET /artery HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a\r\n\r\n", 400)]
    [InlineData("GET /artery HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Protocol: artery.v1\r\n\r\n", 400)]
    [InlineData("POST /artery HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", 400)]
    [InlineData("\r\n\r\n", 501)]
    public async Task What_is_no_artery_is_answered_and_let_go(string request, int status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", await AnswerAsync(Encoding.ASCII.GetBytes(request)), StringComparison.Ordinal);
        await using var link = await DialAsync();
        await _started;
    }

    [Fact]
    public async Task A_head_without_end_is_read_to_its_limit()
    {
        Assert.StartsWith("HTTP/1.1 400 ", await AnswerAsync(Encoding.ASCII.GetBytes($"GET /artery HTTP/1.1\r\nX: {new string('x', 8192)}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_that_say_nothing_do_not_keep_the_core_out_for_ever()
    {
        var idle = new List<TcpClient>();
        for (var i = 0; i < 40; i++)
        {
            idle.Add(new TcpClient());
            await idle[^1].ConnectAsync(IPAddress.Loopback, _way.Port!.Value, Soon);
        }

        // The service lets go of them after the handshake's time
        ArteryLink? link = null;
        while (link is null)
            try
            {
                link = await DialAsync();
            }
            catch (Exception early) when (early is WebSocketException or ArteryException)
            {
                await Task.Delay(50, Soon);
            }

        await _started;
        await link.DisposeAsync();
        idle.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task Its_port_is_free_again_when_the_service_is_disposed()
    {
        await _service.DisposeAsync();
        using var again = new TcpListener(IPAddress.Loopback, _way.Port!.Value);
        again.Start();
    }

    async Task<string> AnswerAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _way.Port!.Value, Soon);
        await client.GetStream().WriteAsync(request, Soon);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(Soon);
    }

    async Task<ArteryLink> DialAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.AddSubProtocol(WebSocketTransport.Subprotocol);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_way.Port}/artery"), Soon);
        var offer = new HandshakeOffer { Role = ArteryRole.Core, Zone = "home", Service = "lamp", Key = FakeCore.Key, Epoch = 1 };
        return await ArteryLink.DialAsync(
            new WebSocketTransport(socket), offer, _core, LinkOptions.Default, TimeProvider.System, new SeededRandom(1), Soon);
    }
}

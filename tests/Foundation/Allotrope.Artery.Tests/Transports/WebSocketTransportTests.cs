using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

/// <summary>Over real sockets on loopback.</summary>
public sealed class WebSocketTransportTests
{
    [Fact]
    public async Task A_link_runs_over_a_web_socket()
    {
        var (client, server) = await SocketsAsync();
        var (atA, atB) = (new Witness(), new Witness());
        var accepting = ArteryLink.AcceptAsync(
            new WebSocketTransport(server), _ => Pair.Answer(atB), TimeProvider.System, SystemRandom.Instance, default);
        await using var core = await ArteryLink.DialAsync(
            new WebSocketTransport(client), Pair.Offer(isSealed: true), atA, LinkOptions.Default, TimeProvider.System, SystemRandom.Instance,
            default);
        await using var service = await accepting;
        for (var i = 1; i <= 1000; i++)
            core.TrySend(Pair.Intent("lamp.on", i));
        for (var i = 1; i <= 1000; i++)
            Assert.Equal($"lamp.on lamp {i}", await atB.NextAsync());
        await core.CloseAsync(CloseCode.Stopping, "the zone is stopping");
        Assert.Equal(new LinkEnd(CloseCode.Stopping, "the zone is stopping"), await service.Completion);
    }

    [Fact]
    public async Task A_frame_larger_than_any_buffer_arrives_whole()
    {
        var (a, b) = await PairAsync();
        var frame = new byte[ArteryLimits.FrameBytes];
        new SeededRandom(1).Fill(frame);
        var sending = a.SendAsync(frame, default);
        Assert.Equal(frame, (await b.ReceiveAsync(ArteryLimits.FrameBytes, default)).Bytes.ToArray());
        await sending;
        await CloseAsync(a, b);
    }

    [Fact]
    public async Task A_frame_beyond_the_limit_is_refused()
    {
        var (a, b) = await PairAsync();
        await a.SendAsync(new byte[ArteryLimits.HandshakeFrameBytes + 1], default);
        var refused = await Assert.ThrowsAsync<ArteryException>(async () => await b.ReceiveAsync(ArteryLimits.HandshakeFrameBytes, default));
        Assert.Equal(CloseCode.TooLarge, refused.Code);
        await CloseAsync(a, b);
    }

    [Fact]
    public async Task A_text_message_is_malformed_where_frames_are_spoken()
    {
        var (client, server) = await SocketsAsync();
        var (text, frames) = (new WebSocketTransport(client, WebSocketMessageType.Text), new WebSocketTransport(server));
        await text.SendAsync(Encoding.UTF8.GetBytes("{}"), default);
        var refused = await Assert.ThrowsAsync<ArteryException>(async () => await frames.ReceiveAsync(ArteryLimits.FrameBytes, default));
        Assert.Equal(CloseCode.Malformed, refused.Code);
        await CloseAsync(text, frames);
    }

    [Fact]
    public async Task A_farewell_carries_its_code_and_as_much_of_its_text_as_fits()
    {
        var (a, b) = await PairAsync();
        await a.CloseAsync(CloseCode.Flood, new string('ö', 100), default);
        var farewell = await b.ReceiveAsync(ArteryLimits.FrameBytes, default);
        Assert.Equal((CloseCode.Flood, new string('ö', 61)), (farewell.Closed!.Value, farewell.Text));
        await CloseAsync(a, b);
    }

    [Fact]
    public async Task A_farewell_without_a_code_is_answered()
    {
        var (client, stream) = await StreamsAsync();
        var server = new WebSocketTransport(WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }));
        var accepting = ArteryLink.AcceptAsync(server, _ => null, TimeProvider.System, SystemRandom.Instance, default);
        // A masked close frame of no payload, and the plain one in answer
        await client.WriteAsync(new byte[] { 0x88, 0x80, 0, 0, 0, 0 });
        var answer = new byte[4];
        await client.ReadExactlyAsync(answer);
        Assert.Equal([0x88, 0x02, 0x03, 0xe8], answer);
        await Assert.ThrowsAsync<ArteryException>(() => accepting);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_lost()
    {
        var (a, b) = await PairAsync();
        await a.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(async () => await b.ReceiveAsync(ArteryLimits.FrameBytes, default));
        await b.DisposeAsync();
    }

    static async Task<(WebSocketTransport A, WebSocketTransport B)> PairAsync()
    {
        var (client, server) = await SocketsAsync();
        return (new WebSocketTransport(client), new WebSocketTransport(server));
    }

    static async Task CloseAsync(WebSocketTransport a, WebSocketTransport b)
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
    }

    static async Task<(WebSocket Client, WebSocket Server)> SocketsAsync()
    {
        var (client, server) = await StreamsAsync();
        return (
            WebSocket.CreateFromStream(client, new WebSocketCreationOptions { IsServer = false }),
            WebSocket.CreateFromStream(server, new WebSocketCreationOptions { IsServer = true }));
    }

    static async Task<(NetworkStream Client, NetworkStream Server)> StreamsAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient { NoDelay = true };
        var accepting = listener.AcceptTcpClientAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var server = await accepting;
        server.NoDelay = true;
        return (client.GetStream(), server.GetStream());
    }
}

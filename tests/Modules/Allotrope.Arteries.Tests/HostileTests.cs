using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Allotrope.Artery;
using Allotrope.Contracts;

namespace Allotrope.Arteries.Tests;

/// <summary>
/// Hostile peers at the core's own port, over real WebSockets: each is closed, named in the log and the status, and two neighbours go on talking.
/// </summary>
public class HostileTests
{
    static readonly ZoneManifest Manifest =
        // So low a rate that the slowest machine still makes a flood
        Zone.Of(Zone.Service("a"), Zone.Service("b"), Zone.Service("x") with { Rate = 100 }, Zone.Service("old") with { Legacy = true, Rate = 100 })
        with { Stabilized = false };

    [Fact]
    public async Task A_wrong_key_is_refused_and_named()
    {
        await using var world = await NeighboursAsync();
        var refused = await Assert.ThrowsAsync<ArteryException>(async () =>
            await new TestService("x", TimeProvider.System).ConnectAsync(new WebSocketTransport(await world.Node.DialAsync()), "guessed"u8.ToArray()));
        Assert.Equal(CloseCode.NotAuthenticated, refused.Code);
        await world.IsRefusedAsync("(4401)");
    }

    [Fact]
    public async Task No_line_of_the_log_holds_the_key()
    {
        await using var world = await NeighboursAsync();
        await Assert.ThrowsAsync<ArteryException>(async () =>
            await new TestService("x", TimeProvider.System).ConnectAsync(new WebSocketTransport(await world.Node.DialAsync()), "guessed"u8.ToArray()));
        await world.IsRefusedAsync("(4401)");
        string[] secrets = [Encoding.UTF8.GetString(Zone.Secret), "guessed", Convert.ToBase64String(Zone.Secret), Convert.ToHexString(Zone.Secret)];
        Assert.NotEmpty(world.Node.Log.Lines);
        Assert.All(secrets, secret => Assert.False(world.Node.Log.Has(secret)));
    }

    [Fact]
    public async Task A_replayed_handshake_is_refused_and_nothing_of_it_is_heard()
    {
        await using var world = await NeighboursAsync();
        var tape = new RecordedTransport(new WebSocketTransport(await world.Node.DialAsync()));
        await using (var x = new TestService("x", TimeProvider.System))
        {
            await x.ConnectAsync(tape);
            x.Say("DOOR");
            Assert.Equal("DOOR", (await world.B.NextAsync()).Name);
        }
        using var thief = await world.Node.DialAsync();
        foreach (var frame in tape.Sent)
            await TrySendAsync(thief, frame);
        Assert.Equal(4401, await ClosedAsync(thief));
        await world.IsRefusedAsync("(4401)");
    }

    [Theory]
    [InlineData(0, 4400)]
    [InlineData(1, 4400)]
    [InlineData(5, 4400)]
    [InlineData(5000, 4413)]
    public async Task A_truncated_or_oversized_frame_before_the_handshake_is_closed(int length, int code)
    {
        await using var world = await NeighboursAsync();
        using var socket = await world.Node.DialAsync();
        await TrySendAsync(socket, [.. new byte[] { 0, 0, 0, 1 }.Concat(new byte[5000]).Take(length)]); // HELLO, as far as it goes
        Assert.Equal(code, await ClosedAsync(socket));
        await world.IsRefusedAsync($"({code})");
    }

    [Theory]
    [InlineData(2 * 1024 * 1024, 4413)]
    [InlineData(1, 4400)]
    public async Task A_service_that_sends_what_is_no_frame_is_closed_and_named(int length, int code)
    {
        await using var world = await NeighboursAsync();
        var (x, transport) = await world.ConnectAsync("x");
        try
        {
            await transport.SendAsync(new byte[length], TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // closed before all of it was sent
        }
        await x.ClosedAsync();
        await world.IsClosedAsync("x", code);
    }

    [Fact]
    public async Task A_flood_of_intents_closes_who_makes_it()
    {
        await using var world = await NeighboursAsync();
        var (x, _) = await world.ConnectAsync("x");
        for (var sequence = 1; sequence <= 200_000 && x.TrySay("DOOR", sequence); sequence++)
            if (x.Link!.Waiting > 512)
                await Task.Yield();
        await x.ClosedAsync();
        await world.IsClosedAsync("x", 4429);
    }

    [Fact]
    public async Task A_million_tiny_frames_close_who_sends_them()
    {
        await using var world = await NeighboursAsync();
        var (x, _) = await world.ConnectAsync("x");
        for (var frame = 0; frame < 1_000_000 && !x.Link!.Completion.IsCompleted; frame++)
            if (!x.Link.TrySendAck(1))
                await Task.Yield();
        await x.ClosedAsync();
        await world.IsClosedAsync("x", 4429);
    }

    [Fact]
    public async Task A_legacy_peer_that_floods_is_closed_too()
    {
        await using var world = await NeighboursAsync();
        using var old = await world.Node.DialAsync(subprotocol: null);
        var reading = ClosedAsync(old);
        var nothing = Encoding.UTF8.GetBytes("""{"payload":[],"isBatch":false}""");
        for (var frame = 0; frame < 2_000_000 && !reading.IsCompleted; frame++)
            await TrySendAsync(old, nothing, WebSocketMessageType.Text);
        await reading;
        await world.IsClosedAsync("old", 4429);
    }

    [Fact]
    public async Task Half_an_upgrade_and_headers_byte_by_byte_are_cut_in_time()
    {
        await using var world = await NeighboursAsync();
        using var half = await ConnectAsync(world, "GET /artery HTTP/1.1\r\nHost: a\r\nUpgrade: webso");
        using var slow = await ConnectAsync(world, "G");
        using var silent = await ConnectAsync(world, "");
        var ended = Task.WhenAll(EndAsync(half), EndAsync(slow), EndAsync(silent));
        foreach (var letter in "ET /artery HTTP/1.1\r\nX-Never-Ends: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        {
            await Task.WhenAny(ended, Task.Delay(500, TestContext.Current.CancellationToken));
            if (ended.IsCompleted)
                break;
            try
            {
                await slow.WriteAsync(new[] { (byte)letter });
            }
            catch (IOException)
            {
                // cut: what was to be shown
            }
        }
        await ended.WaitAsync(TimeSpan.FromMinutes(3));
        await world.AreWellAsync();
    }

    [Fact]
    public async Task An_upgrade_without_a_handshake_and_one_in_single_bytes_are_closed_in_time()
    {
        await using var world = await NeighboursAsync();
        using var idle = await world.Node.DialAsync();
        using var slow = await world.Node.DialAsync();
        await slow.SendAsync(new byte[] { 0 }, WebSocketMessageType.Binary, endOfMessage: false, TestContext.Current.CancellationToken);
        Assert.Equal(4408, await ClosedAsync(idle));
        Assert.Equal(4408, await ClosedAsync(slow));
        await world.IsRefusedAsync("(4408)");
    }

    [Fact]
    public async Task A_legacy_peer_with_too_large_an_intent_is_closed_and_named()
    {
        await using var world = await NeighboursAsync();
        using var old = await world.Node.DialAsync(subprotocol: null);
        var large = $$"""{"payload":[{"intent":"LARGE","data":"{{new string('x', ArteryLimits.IntentBytes)}}"}],"isBatch":false}""";
        await TrySendAsync(old, Encoding.UTF8.GetBytes(large), WebSocketMessageType.Text);
        Assert.Equal(4413, await ClosedAsync(old));
        await world.IsClosedAsync("old", 4413);
    }

    [Fact]
    public async Task A_page_of_the_web_cannot_speak_the_original_JSON_through_its_reader_s_browser()
    {
        await using var world = await NeighboursAsync();
        using var page = new ClientWebSocket();
        page.Options.Proxy = null;
        page.Options.SetRequestHeader("Origin", "https://elsewhere.example");
        var address = new UriBuilder("ws", "127.0.0.1", world.Node.Module.Address!.Port, "/artery").Uri;
        await Assert.ThrowsAsync<WebSocketException>(() => page.ConnectAsync(address, TestContext.Current.CancellationToken));
        Assert.Equal("awaited", (await world.Node.StatusAsync()).Arteries.Single(artery => artery.Service == "old").Connection);
    }

    [Fact]
    public async Task What_a_stranger_says_as_he_leaves_is_one_line_of_plain_text()
    {
        await using var world = await NeighboursAsync();
        using var stranger = await world.Node.DialAsync();
        await stranger.CloseOutputAsync((WebSocketCloseStatus)4000, "bye\r\nzone home: all is well\u001b[2J", TestContext.Current.CancellationToken);
        await world.IsRefusedAsync("(4000)");
        Assert.DoesNotContain((await world.Node.StatusAsync()).LastRefused!, char.IsControl);
        Assert.DoesNotContain(world.Node.Log.Lines, line => line.Text.Any(char.IsControl));
    }

    [Fact]
    public async Task A_number_that_not_every_peer_can_count_closes_who_says_it()
    {
        await using var world = await NeighboursAsync();
        var (x, _) = await world.ConnectAsync("x");
        x.TrySay("FAR", 1L << 60);
        await x.ClosedAsync();
        await world.IsClosedAsync("x", 4400);
    }

    [Fact]
    public async Task Faults_without_end_are_told_a_few_a_minute_and_each_in_one_line()
    {
        await using var world = await NeighboursAsync();
        var (x, _) = await world.ConnectAsync("x");
        for (var fault = 1; fault <= 50; fault++) // less than a flood
            x.Control(ControlType.Fault, new FaultMessage("DOOR", "a\n", fault, "no\nzone home: all is well\u001b[2J").Write);
        x.Say("LAST");
        while ((await world.B.NextAsync()).Name != "LAST")
        {
        }
        var told = world.Node.Log.Lines.Where(line => line.Text.Contains("not processed")).ToList();
        Assert.InRange(told.Count, 1, 20); // a minute may end meanwhile
        Assert.DoesNotContain(told, line => line.Text.Any(char.IsControl));
    }

    static async Task<Neighbours> NeighboursAsync()
    {
        var world = new Neighbours(await TestNode.StartAsync(Manifest, []));
        (world.A, world.B) = ((await world.ConnectAsync("a")).Service, (await world.ConnectAsync("b")).Service);
        await world.AreWellAsync();
        return world;
    }

    static async Task<NetworkStream> ConnectAsync(Neighbours world, string start)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, world.Node.Module.Address!.Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(start));
        return stream;
    }

    static async Task EndAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // reset: an end too
        }
    }

    static async Task TrySendAsync(ClientWebSocket socket, byte[] frame, WebSocketMessageType type = WebSocketMessageType.Binary)
    {
        try
        {
            await socket.SendAsync(frame, type, endOfMessage: true, TestContext.Current.CancellationToken);
        }
        catch (Exception closed) when (closed is WebSocketException or OperationCanceledException)
        {
            // closed meanwhile; the socket calls its own end a cancellation
        }
    }

    static async Task<int> ClosedAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // reset before the farewell was read
        }
        return socket.CloseStatus is { } status ? (int)status : 0;
    }

    sealed class Neighbours(TestNode node) : IAsyncDisposable
    {
        readonly List<TestService> _services = [];
        int _said;

        public TestNode Node => node;

        public TestService A { get; set; } = null!;

        public TestService B { get; set; } = null!;

        public async Task<(TestService Service, WebSocketTransport Transport)> ConnectAsync(string name)
        {
            var service = new TestService(name, TimeProvider.System);
            var transport = new WebSocketTransport(await node.DialAsync());
            await service.ConnectAsync(transport);
            await service.NextBeatAsync();
            _services.Add(service);
            return (service, transport);
        }

        /// <summary>The neighbours hear each other as if nothing had been.</summary>
        public async Task AreWellAsync()
        {
            var name = $"WELL{++_said}";
            A.Say(name);
            while ((await B.NextAsync()).Name != name)
            {
            }
            Assert.All((await node.StatusAsync()).Arteries.Where(artery => artery.Service is "a" or "b"), artery => Assert.Equal("open", artery.Connection));
        }

        public async Task IsRefusedAsync(string why)
        {
            await ZoneWorld.UntilAsync(() => node.Log.Has(why));
            var status = await node.StatusAsync();
            Assert.True(status.Refused > 0);
            Assert.Contains(why, status.LastRefused);
            await AreWellAsync();
        }

        public async Task IsClosedAsync(string service, int code)
        {
            await node.UntilAsync(service, artery => artery.Connection != "open" && artery.Message.Contains($"({code})"));
            await ZoneWorld.UntilAsync(() => node.Log.Has($"the artery of {service} was closed") && node.Log.Has($"({code})"));
            await AreWellAsync();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var service in _services)
                await service.DisposeAsync();
            await node.DisposeAsync();
        }
    }

    /// <summary>Keeps what a service has sent.</summary>
    sealed class RecordedTransport(IArteryTransport inner) : IArteryTransport
    {
        public List<byte[]> Sent { get; } = [];

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
        {
            Sent.Add(frame.ToArray());
            return inner.SendAsync(frame, cancellation);
        }

        public ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation) => inner.ReceiveAsync(maxBytes, cancellation);

        public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) => inner.CloseAsync(code, text, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

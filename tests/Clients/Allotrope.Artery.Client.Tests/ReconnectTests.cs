using Allotrope.Kernel;

namespace Allotrope.Artery.Client.Tests;

public class ReconnectTests
{
    readonly FakeCore _core = new();

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task What_is_said_while_the_core_is_away_arrives_when_it_is_back()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        _core.IsAway = true;
        await (await _core.LinkAsync()).CloseAsync(CloseCode.Stopping, "");
        service.Send("a");
        service.Send("b");
        _core.IsAway = false;
        Assert.Equal("a 1 null", await _core.NextAsync());
        Assert.Equal("b 2 null", await _core.NextAsync());
    }

    [Fact]
    public async Task At_its_limit_the_queue_drops_the_oldest_and_counts_them()
    {
        await using var service = new ArteryService(_core.Options with { Queue = new QueueLimits { Count = 2 } });
        foreach (var name in new[] { "a", "b", "c" })
            service.Send(name);
        Assert.Equal((2, 1L), (service.Waiting, service.Dropped));
        await service.StartAsync(Soon);
        Assert.Equal("b 2 null", await _core.NextAsync());
        Assert.Equal("c 3 null", await _core.NextAsync());
    }

    [Fact]
    public async Task The_queue_is_limited_by_bytes_too()
    {
        await using var service = new ArteryService(_core.Options with { Queue = new QueueLimits { Bytes = 100 } });
        service.Send("a", new string('x', 60));
        service.Send("b", new string('x', 60));
        Assert.Equal((1, 1L), (service.Waiting, service.Dropped));
    }

    [Fact]
    public async Task A_queue_that_self_destructs_closes_the_service_and_says_why()
    {
        string? reason = null;
        var limits = new QueueLimits { Count = 1, Overflow = QueueOverflow.SelfDestruct };
        await using var service = new ArteryService(_core.Options with { Queue = limits, SelfDestructed = why => reason = why });
        service.Send("a");
        service.Send("b");
        Assert.StartsWith("2 intents", reason);
        Assert.Throws<ObjectDisposedException>(() => service.Send("c"));
    }

    [Fact]
    public async Task Intents_grow_too_old_while_no_heartbeat_comes()
    {
        _core.IsAway = true;
        var reason = new TaskCompletionSource<string>();
        var limits = new QueueLimits { Age = TimeSpan.FromMilliseconds(1), Overflow = QueueOverflow.SelfDestruct };
        await using var service = new ArteryService(_core.Options with { Queue = limits, SelfDestructed = reason.SetResult });
        service.Send("a");
        var starting = service.StartAsync(Soon);
        Assert.StartsWith("No heartbeat", await reason.Task.WaitAsync(Soon));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => starting);
    }

    [Fact]
    public async Task A_core_can_dial_and_a_newer_artery_replaces_the_older()
    {
        var wires = System.Threading.Channels.Channel.CreateUnbounded<CoreWire>();
        await using var service = new ArteryService(_core.Options with { Core = CoreWay.Accept(stop => wires.Reader.ReadAsync(stop).AsTask()) });
        var starting = service.StartAsync(Soon);
        var first = await DialAsync(wires.Writer);
        await starting;
        var second = await DialAsync(wires.Writer);
        Assert.Equal(CloseCode.Replaced, (await first.Completion.WaitAsync(Soon)).Code);
        await service.SendAsync("a", timeOut: Patience);
        Assert.Equal("a 1 null", await _core.NextAsync());
        await second.DisposeAsync();
    }

    async Task<ArteryLink> DialAsync(System.Threading.Channels.ChannelWriter<CoreWire> wires)
    {
        var (a, b) = MemoryTransport.CreatePair();
        await wires.WriteAsync(new CoreWire(b));
        var offer = new HandshakeOffer { Role = ArteryRole.Core, Zone = "home", Service = "lamp", Key = FakeCore.Key, Epoch = 1 };
        return await ArteryLink.DialAsync(a, offer, _core, LinkOptions.Default, TimeProvider.System, new SeededRandom(1), Soon);
    }
}

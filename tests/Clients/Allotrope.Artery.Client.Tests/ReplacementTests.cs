using System.Threading.Channels;
using Allotrope.Conformance;
using Allotrope.Kernel;

namespace Allotrope.Artery.Client.Tests;

/// <summary>A service has one artery: the newest whose core has proved the key.</summary>
public sealed class ReplacementTests
{
    readonly FakeCore _core = new();
    readonly Channel<CoreWire> _wires = Channel.CreateUnbounded<CoreWire>();

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task Of_cores_that_prove_themselves_at_the_same_time_one_stays()
    {
        await using var service = new ArteryService(_core.Options with { Core = CoreWay.Accept(stop => _wires.Reader.ReadAsync(stop).AsTask()) });
        var starting = service.StartAsync(Soon);
        for (var round = 1; round <= 25; round++)
        {
            var links = await Task.WhenAll(DialAsync(), DialAsync(), DialAsync());
            await starting;
            var closed = links.Select(link => link.Completion).ToList();
            var left = await AllButOneAsync(closed);
            Assert.All(closed.Where(one => one != left), one => Assert.Equal(CloseCode.Replaced, one.Result.Code));
            var open = links.Single(link => link.Completion == left);
            await service.SendAsync("a", timeOut: Patience);
            Assert.Equal($"a {round} null", await _core.NextAsync());
            Assert.False(left.IsCompleted);
            await open.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_a_replaced_artery_still_tells_is_not_heard()
    {
        var heard = Channel.CreateUnbounded<ReceivedIntent>();
        await using var service = new ArteryService(_core.Options with { Core = CoreWay.Accept(stop => _wires.Reader.ReadAsync(stop).AsTask()) });
        service.On("n", intent => heard.Writer.TryWrite(intent), ordered: true);
        var starting = service.StartAsync(Soon);
        var first = await DialAsync();
        await starting;
        var second = await DialAsync();
        for (var i = 1; i <= 100; i++)
            first.TrySend(new Intent("n", FakeCore.Button, i, 1, default));
        FakeCore.Say(second, "n", 101);
        FakeCore.Say(second, "n", 102);
        var sequences = new List<long>();
        do
            sequences.Add((await heard.Reader.ReadAsync(Soon)).Sequence);
        while (sequences[^1] != 102);
        Assert.Equal(sequences.Order(), sequences);
    }

    [Fact]
    public async Task A_service_whose_name_another_has_taken_waits_before_it_takes_it_back()
    {
        var time = new ManualTime();
        var lines = Channel.CreateUnbounded<string>();
        await using var service = new ArteryService(_core.Options with { Time = time, Log = line => lines.Writer.TryWrite(line) });
        await service.StartAsync(Soon);
        await (await _core.LinkAsync()).CloseAsync(CloseCode.Replaced, "Somebody else.");
        Assert.Contains("4410", await lines.Reader.ReadAsync(Soon), StringComparison.Ordinal);
        var waited = TimeSpan.Zero;
        for (; _core.Dials == 1; waited += TimeSpan.FromMilliseconds(100))
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Soon);
        }

        Assert.True(waited >= TimeSpan.FromSeconds(1.5), $"It came back after {waited}.");
    }

    async Task<ArteryLink> DialAsync()
    {
        var (a, b) = MemoryTransport.CreatePair();
        await _wires.Writer.WriteAsync(new CoreWire(b));
        var offer = new HandshakeOffer { Role = ArteryRole.Core, Zone = "home", Service = "lamp", Key = FakeCore.Key, Epoch = 1 };
        return await ArteryLink.DialAsync(a, offer, _core, LinkOptions.Default, TimeProvider.System, new SeededRandom(1), Soon);
    }

    /// <summary>Awaits that all but one have ended.</summary>
    static async Task<Task<LinkEnd>> AllButOneAsync(List<Task<LinkEnd>> ends)
    {
        while (true)
        {
            var open = ends.FindAll(end => !end.IsCompleted);
            if (open.Count == 1)
                return open[0];
            await Task.WhenAny(open).WaitAsync(Soon);
        }
    }
}

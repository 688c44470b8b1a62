using System.Threading.Channels;

namespace Allotrope.Artery.Client.Tests;

public class IntentTests
{
    readonly FakeCore _core = new();
    readonly Channel<ReceivedIntent> _heard = Channel.CreateUnbounded<ReceivedIntent>();

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task What_a_service_says_arrives_in_order()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        for (var i = 1; i <= 500; i++)
            service.Send("LAMP_CHANGED", ArteryData.Map(("on", true)));
        for (var i = 1; i <= 500; i++)
            Assert.Equal($"LAMP_CHANGED {i} {{\"on\":true}}", await _core.NextAsync());
    }

    [Fact]
    public async Task SendAsync_returns_when_the_intent_has_arrived()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        await service.SendAsync("a", 1, timeOut: Patience);
        Assert.Equal("a 1 1", await _core.NextAsync());
    }

    [Fact]
    public async Task A_listener_hears_its_name_or_prefix_until_it_is_removed()
    {
        await using var service = new ArteryService(_core.Options);
        var listener = service.On("switch.*", Hear, ordered: true);
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        FakeCore.Say(link, "switch.pressed", 1, "kitchen");
        var heard = await _heard.Reader.ReadAsync(Soon);
        Assert.Equal(("switch.pressed", "button", "kitchen"), (heard.Name, heard.Origin.Name, heard.Data.ToText()));

        listener.Dispose();
        service.On("last", Hear);
        FakeCore.Say(link, "switch.pressed", 2);
        FakeCore.Say(link, "last", 3);
        Assert.Equal("last", (await _heard.Reader.ReadAsync(Soon)).Name);
    }

    [Fact]
    public async Task Ordered_handlers_do_not_overlap()
    {
        await using var service = new ArteryService(_core.Options);
        var (running, most) = (0, 0);
        service.On("n", async intent =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            Hear(intent);
        }, ordered: true);
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        for (var i = 1; i <= 100; i++)
            FakeCore.Say(link, "n", i);
        for (var i = 1; i <= 100; i++)
            Assert.Equal(i, (await _heard.Reader.ReadAsync(Soon)).Sequence);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Other_handlers_overlap()
    {
        await using var service = new ArteryService(_core.Options);
        var both = new CountdownEvent(2);
        var together = new TaskCompletionSource();
        service.On("n", async _ =>
        {
            if (both.Signal())
                together.SetResult();
            await together.Task;
        });
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        FakeCore.Say(link, "n", 1);
        FakeCore.Say(link, "n", 2);
        await together.Task.WaitAsync(Soon);
    }

    [Fact]
    public async Task What_a_handler_throws_is_told_to_the_core()
    {
        await using var service = new ArteryService(_core.Options);
        service.On("n", (Action<ReceivedIntent>)(_ => throw new InvalidOperationException("no bulb")));
        await service.StartAsync(Soon);
        FakeCore.Say(await _core.LinkAsync(), "n", 7);
        Assert.Equal("fault n 7 no bulb", await _core.NextAsync());
    }

    [Fact]
    public async Task What_was_missed_is_counted()
    {
        Gap? told = null;
        await using var service = new ArteryService(_core.Options with { Missed = gap => told = gap });
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        FakeCore.Say(link, "n", 1);
        await service.SendAsync("sync", timeOut: Patience);
        Assert.Equal("sync 1 null", await _core.NextAsync());
        _core.Beat(link, passed: new PassedCount("button", 3, 9, 4, 2));
        // A heartbeat overtakes intents that wait, so what was said first may be counted as missed for a moment
        Assert.StartsWith("beat 1", await _core.NextAsync());
        var gap = Assert.Single(service.Gaps);
        Assert.Equal(gap, told);
        Assert.Equal(new Gap("button", 3, 9, 1, 3, 2), gap);
    }

    [Theory]
    [InlineData("HEARTBEAT")]
    [InlineData("__x")]
    [InlineData("no spaces")]
    public async Task A_name_that_services_may_not_say_is_refused(string name)
    {
        await using var service = new ArteryService(_core.Options);
        Assert.Throws<ArgumentException>(() => service.Send(name));
    }

    void Hear(ReceivedIntent intent) => _heard.Writer.TryWrite(intent);
}

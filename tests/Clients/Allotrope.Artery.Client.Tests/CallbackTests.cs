namespace Allotrope.Artery.Client.Tests;

/// <summary>What the program's own callbacks do is the program's matter: no artery breaks by it.</summary>
public class CallbackTests
{
    readonly FakeCore _core = new();

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task A_log_and_a_missed_that_throw_leave_the_artery_open()
    {
        var calls = 0;
        await using var service = new ArteryService(_core.Options with { Log = _ => Throw(), Missed = _ => Throw() });
        service.On("n", (Action<ReceivedIntent>)(_ => throw new InvalidOperationException("no bulb")));
        service.Handle("fail", (Func<ReceivedCall, ArteryData>)(_ => throw new InvalidOperationException("no bulb")));
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        FakeCore.Say(link, "n", 1);
        Assert.Equal("fault n 1 no bulb", await _core.NextAsync());
        _core.Beat(link, passed: new PassedCount("button", 3, 9, 9, 0));
        Assert.Equal("beat 1 state 0 gaps 8", await _core.NextAsync());
        FakeCore.Invoke(link, new Invocation.Request(1, "lamp", "button", "fail", null, ArteryData.FromInt64(1).Cbor, TimeSpan.FromSeconds(5)));
        Assert.Equal("error 1 failed", await _core.NextAsync());
        Assert.Equal((3, true, 1), (calls, service.IsConnected, _core.Dials));

        void Throw()
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("a callback of the program");
        }
    }

    [Fact]
    public async Task A_way_to_the_core_that_throws_whatever_it_likes_is_tried_again()
    {
        var attempts = 0;
        var way = CoreWay.Dial(stop => ++attempts < 3 ? throw new NotSupportedException("not yet") : _core.Way.NextAsync(0, stop));
        await using var service = new ArteryService(_core.Options with { Core = way });
        await service.StartAsync(Soon);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task A_self_destruction_that_throws_does_not_reach_who_said_the_intent()
    {
        var limits = new QueueLimits { Count = 1, Overflow = QueueOverflow.SelfDestruct };
        await using var service = new ArteryService(
            _core.Options with { Queue = limits, SelfDestructed = _ => throw new InvalidOperationException("a callback of the program") });
        service.Send("a");
        service.Send("b");
        Assert.Throws<ObjectDisposedException>(() => service.Send("c"));
        await service.DisposeAsync();
    }

    [Fact]
    public async Task Of_handlers_that_never_end_only_so_many_are_begun()
    {
        var never = new TaskCompletionSource();
        var service = new ArteryService(_core.Options);
        service.On("n", _ => never.Task);
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        var data = ArteryData.FromString(new string('x', ArteryLimits.IntentBytes - 8));
        var most = Deliveries.LimitBytes / ArteryLimits.IntentBytes;
        for (var i = 1; i <= most + 1; i++)
        {
            FakeCore.Say(link, "n", i, data);
            while (link.Waiting > 10)
                await Task.Delay(1, Soon);
        }

        Assert.Equal($"fault n {most + 1} Too many calls of handlers run or wait already: they are too slow.", await _core.NextAsync());
        never.SetResult();
        await service.DisposeAsync();
    }
}

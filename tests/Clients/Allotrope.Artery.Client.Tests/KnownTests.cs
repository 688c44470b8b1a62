namespace Allotrope.Artery.Client.Tests;

/// <summary>What a service tells a core that asks what it knows, so that it goes on from there.</summary>
public class KnownTests
{
    readonly FakeCore _core = new();

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task Numbers_that_were_skipped_since_the_last_heartbeat_are_unknown_to_the_next_core()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        var first = await _core.LinkAsync();
        await HeardAsync(service, first, "a", 1);
        _core.Beat(first, passed: new PassedCount("button", 3, 4, 2, 2));
        Assert.Equal("beat 1 state 0 gaps 1", await _core.NextAsync());
        await HeardAsync(service, first, "b", 8);

        Assert.Equal(new KnownOrigin("button", 3, 8, 2, 1, 2 + 3), await AskedByAsync(first, epoch: 2));
    }

    [Theory]
    [InlineData(4, 4)] // both were before the one that arrived
    [InlineData(2, 4)] // both are still to come, and the next core has not seen them
    public async Task What_was_told_as_missed_before_its_place_is_not_unknown_too(long next, long high)
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        var first = await _core.LinkAsync();
        await HeardAsync(service, first, "a", 1);
        _core.Beat(first, passed: new PassedCount("button", 3, 1, 3, 0));
        Assert.Equal("beat 1 state 0 gaps 2", await _core.NextAsync());
        await HeardAsync(service, first, "b", next);

        Assert.Equal(new KnownOrigin("button", 3, high, 2, 2, 0), await AskedByAsync(first, epoch: 2));
    }

    [Fact]
    public async Task A_core_that_asks_again_gets_the_same_answer()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        var first = await _core.LinkAsync();
        await HeardAsync(service, first, "a", 1);
        var second = await AgainAsync(first, epoch: 2);
        await AskAsync(second);
        var known = Assert.Single(_core.Known!.Origins);
        await HeardAsync(service, second, "b", 2);

        // The first answer may have been lost, and the core has counted since
        Assert.Equal(known, await AskedByAsync(second, epoch: 2));
    }

    [Fact]
    public async Task The_number_still_to_come_is_that_of_the_first_intent_that_waits()
    {
        var valve = new Valve();
        _core.Around = valve.Around;
        await using var service = new ArteryService(_core.Options);
        var asked = new TaskCompletionSource();
        service.On("HEARTBEAT", _ => asked.TrySetResult());
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        valve.Close();
        service.Send("a");
        await valve.Blocked.WaitAsync(Soon);
        for (var i = 0; i < 200; i++)
            service.Send("a");
        _core.Beat(link, requesting: true);
        await asked.Task.WaitAsync(Soon);
        valve.Open();

        while (!(await _core.NextAsync()).StartsWith("full", StringComparison.Ordinal))
        {
            // The reply to the beat, and the intents that the link had been handed before
        }

        Assert.Equal($"a {_core.Known!.NextSequence} null", await _core.NextAsync());
    }

    static async Task HeardAsync(ArteryService service, ArteryLink link, string name, long sequence)
    {
        var heard = new TaskCompletionSource();
        using var listener = service.On(name, _ => heard.SetResult());
        FakeCore.Say(link, name, sequence);
        await heard.Task.WaitAsync(Soon);
    }

    async Task<KnownOrigin> AskedByAsync(ArteryLink before, long epoch)
    {
        await AskAsync(await AgainAsync(before, epoch));
        return Assert.Single(_core.Known!.Origins);
    }

    async Task<ArteryLink> AgainAsync(ArteryLink before, long epoch)
    {
        _core.Epoch = epoch;
        await before.CloseAsync(CloseCode.Stopping, "");
        return await _core.LinkAsync();
    }

    async Task AskAsync(ArteryLink link)
    {
        _core.Beat(link, requesting: true);
        while (!(await _core.NextAsync()).StartsWith("full", StringComparison.Ordinal))
        {
            // The reply to the beat, and intents
        }
    }

    /// <summary>Holds back what a service sends.</summary>
    sealed class Valve
    {
        readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        volatile bool _isClosed;

        public Task Blocked => _blocked.Task;

        public void Close() => _isClosed = true;

        public void Open() => _open.SetResult();

        public IArteryTransport Around(IArteryTransport inner) => new Transport(this, inner);

        sealed class Transport(Valve valve, IArteryTransport inner) : IArteryTransport
        {
            public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
            {
                if (valve._isClosed)
                {
                    valve._blocked.TrySetResult();
                    await valve._open.Task.WaitAsync(cancellation);
                }

                await inner.SendAsync(frame, cancellation);
            }

            public ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation) => inner.ReceiveAsync(maxBytes, cancellation);

            public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) => inner.CloseAsync(code, text, cancellation);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}

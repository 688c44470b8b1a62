using Allotrope.Artery;
using Allotrope.Contracts;
using Microsoft.Extensions.Logging;

namespace Allotrope.Arteries.Tests;

public class SlowReceiverTests
{
    [Theory]
    [InlineData(SlowPolicy.DropOldest)]
    [InlineData(SlowPolicy.Coalesce)]
    [InlineData(SlowPolicy.Sever)]
    public async Task A_receiver_that_does_not_read_is_named_and_holds_up_nobody(SlowPolicy policy)
    {
        await using var world = new ZoneWorld(
            Zone.Of(Zone.Service("a"), Zone.Service("slow", queue: 16) with { Slow = policy }, Zone.Service("well", queue: 100_000)) with { Stabilized = false });
        var (a, well) = (await world.ConnectAsync("a"), await world.ConnectAsync("well"));
        await using var stalled = new StalledTransport(world.Wire());
        var slow = new TestService("slow", world.Time);
        await slow.ConnectAsync(stalled);
        await slow.NextBeatAsync();
        stalled.Stall();
        for (var i = 1; i <= 500; i++)
        {
            a.Say("TICK");
            Assert.Equal(i, (await well.NextAsync()).Sequence);
        }
        await world.BeatAsync(well);

        var (status, zone) = (world.StatusOf("slow"), world.Core.Status());
        Assert.Equal("slow", zone.Slowest);
        Assert.InRange(status.Waiting, 0, 16);
        Assert.Equal(500, status.Received + status.Missed + status.Waiting);
        Assert.True(status.Missed > 300);
        Assert.Equal(policy == SlowPolicy.Sever ? "severed" : "open", status.Connection);
    }

    [Fact]
    public async Task A_handler_that_fails_is_one_severe_line_with_the_intent_and_the_service()
    {
        var log = new LogLines();
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")), log: log);
        var b = await world.ConnectAsync("b");
        b.Control(ControlType.Fault, new FaultMessage("DOOR", "a", 3, "no hinge").Write);
        await ZoneWorld.UntilAsync(() => !log.Lines.IsEmpty);
        var (level, line) = Assert.Single(log.Lines);
        Assert.Equal((LogLevel.Critical, "zone home: intent DOOR 3 of a was received, not processed, by b: no hinge"), (level, line));
    }

    /// <summary>A transport whose owner stops reading.</summary>
    sealed class StalledTransport(IArteryTransport inner) : IArteryTransport
    {
        readonly TaskCompletionSource _resumed = new();
        volatile bool _stalled;

        public void Stall() => _stalled = true;

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation) => inner.SendAsync(frame, cancellation);

        public async ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation)
        {
            if (_stalled)
                await _resumed.Task.WaitAsync(cancellation);
            return await inner.ReceiveAsync(maxBytes, cancellation);
        }

        public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) => inner.CloseAsync(code, text, cancellation);

        public ValueTask DisposeAsync()
        {
            _resumed.TrySetResult();
            return inner.DisposeAsync();
        }
    }
}

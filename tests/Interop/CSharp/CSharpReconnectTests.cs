using System.Threading.Channels;
using Allotrope.Artery.Client;

namespace Allotrope.Interop.CSharp;

/// <summary>A C# service whose core goes away and comes back.</summary>
public class CSharpReconnectTests
{
    readonly Channel<ReceivedIntent> _heard = Channel.CreateUnbounded<ReceivedIntent>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Services_outlive_the_core_and_what_waited_arrives_once_in_order(bool listen)
    {
        await using var zone = await CSharpZone.StartAsync(listen, prepare: lamp => lamp.On("pressed", Hear, ordered: true));
        await zone.Switch.SendAsync("pressed", 1, timeOut: InteropZone.Patience);
        Assert.Equal(1, (await _heard.Reader.ReadAsync(CSharpZone.Soon)).Data.ToInt64());
        await zone.Core.StopCoreAsync();
        await CSharpZone.UntilAsync(() => zone is { Lamp.IsConnected: false, Switch.IsConnected: false });
        zone.Switch.SetState("on", true);
        zone.Switch.Send("pressed", 2);
        zone.Switch.Send("pressed", 3);
        await zone.Core.ResumeCoreAsync(["lamp", "switch"]);
        await zone.Switch.SendAsync("pressed", 4, InteropZone.Patience);
        // What waited may be there before the lamp is: then it was not meant to arrive, and the books say so
        List<long> heard = [1];
        await CSharpZone.UntilAsync(() =>
        {
            while (_heard.Reader.TryRead(out var intent))
                heard.Add(intent.Data.ToInt64());
            return zone.Lamp.Gaps.SingleOrDefault(gap => gap.Origin == "switch") is var gap && gap.Arrived + gap.Missed + gap.Unknown == 4
                && heard.Count == gap.Arrived;
        });
        Assert.Equal(heard.Distinct().Order(), heard);
        Assert.Equal(4, heard[^1]);
        await CSharpZone.UntilAsync(() => zone.Lamp.State["switch", "on"] is { IsNull: false });
    }

    [Fact]
    public async Task Of_too_many_waiting_intents_the_oldest_are_dropped_and_the_receivers_know()
    {
        await using var zone = await CSharpZone.StartAsync(
            lamp: options => options with { Queue = new QueueLimits { Count = 3 } });
        zone.Switch.On("lit", Hear, ordered: true);
        await zone.Lamp.SendAsync("lit", 1, timeOut: InteropZone.Patience);
        Assert.Equal(1, (await _heard.Reader.ReadAsync(CSharpZone.Soon)).Data.ToInt64());
        await zone.Core.StopCoreAsync();
        await CSharpZone.UntilAsync(() => !zone.Lamp.IsConnected);
        for (var i = 2; i <= 10; i++)
            zone.Lamp.Send("lit", i);
        Assert.Equal((3, 6L), (zone.Lamp.Waiting, zone.Lamp.Dropped));
        await zone.Core.ResumeCoreAsync(["lamp", "switch"]);
        await zone.Lamp.SendAsync("lit", 11, InteropZone.Patience);
        await CSharpZone.UntilAsync(() => zone.Switch.Gaps.Any(gap => gap.Origin == "lamp" && gap.Arrived + gap.Missed + gap.Unknown == 11));
        Assert.Equal(6, zone.Switch.Gaps.Single(gap => gap.Origin == "lamp").Unknown);
    }

    [Fact]
    public async Task The_age_of_the_last_heartbeat_can_end_a_service_that_has_something_to_say()
    {
        var reason = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var zone = await CSharpZone.StartAsync(lamp: options => options with
        {
            Queue = new QueueLimits { Age = TimeSpan.FromSeconds(2), Overflow = QueueOverflow.SelfDestruct },
            SelfDestructed = reason.SetResult,
        });
        await zone.Core.StopCoreAsync();
        zone.Lamp.Send("lit");
        Assert.StartsWith("No heartbeat came", await reason.Task.WaitAsync(CSharpZone.Soon), StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => zone.Lamp.Send("lit"));
    }

    void Hear(ReceivedIntent intent) => _heard.Writer.TryWrite(intent);
}

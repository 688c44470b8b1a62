using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Artery.Client;
using Microsoft.Extensions.Logging;

namespace Allotrope.Interop.CSharp;

/// <summary>The C# client and the real core, over real WebSockets, whoever dials.</summary>
public class CSharpServiceTests
{
    readonly Channel<ReceivedIntent> _heard = Channel.CreateUnbounded<ReceivedIntent>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Intents_arrive_in_order_once_with_the_time_of_their_building(bool listen)
    {
        await using var zone = await CSharpZone.StartAsync(listen, prepare: lamp => lamp.On("pressed", Hear, ordered: true));
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        for (var i = 1; i <= 500; i++)
            zone.Switch.Send("pressed", i);
        await zone.Switch.SendAsync("pressed", 501, timeOut: InteropZone.Patience);
        for (var i = 1; i <= 501; i++)
        {
            var intent = await _heard.Reader.ReadAsync(CSharpZone.Soon);
            Assert.Equal((i, i, "switch", zone.Switch.Epoch), (intent.Data.ToInt64(), intent.Sequence, intent.Origin.Name, intent.Origin.Epoch));
            Assert.InRange(intent.Time, before, DateTimeOffset.UtcNow);
        }

        await CSharpZone.UntilAsync(() => zone.Lamp.Gaps.Any(gap => gap is { Origin: "switch", Arrived: 501, Missed: 0, Unknown: 0 }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task State_is_merged_for_all_and_can_be_asked_for(bool listen)
    {
        await using var zone = await CSharpZone.StartAsync(listen);
        zone.Switch.SetState("on", true);
        zone.Switch.SetState("level", ArteryData.List(1, 2.5, "ü"));
        await CSharpZone.UntilAsync(() => zone.Lamp.State["switch", "level"] is { IsNull: false });
        Assert.Equal(["1", "2.5", "ü"], zone.Lamp.State["switch", "level"].ToList().Select(item => item.Kind == CborKind.Text ? item.ToText() : item.ToString()));
        Assert.True(zone.Lamp.State["switch", "on"].ToBoolean());
        zone.Switch.RemoveState("on");
        await CSharpZone.UntilAsync(() => zone.Lamp.State["switch", "on"].IsNull);
        // Asked at once: newer than what the last beat has brought
        zone.Lamp.SetState("colour", "red");
        await zone.Lamp.SendAsync("sync", timeOut: InteropZone.Patience);
        Assert.Equal("red", (await zone.Lamp.FetchStateAsync(InteropZone.Patience))["lamp", "colour"].ToText());
        await CSharpZone.UntilAsync(() => zone.Lamp.Pulse > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invocations_are_answered_failed_and_run_once_by_key(bool listen)
    {
        var runs = 0;
        await using var zone = await CSharpZone.StartAsync(listen, prepare: lamp =>
        {
            lamp.Handle("who", call => call.Caller);
            lamp.Handle("count", _ => Interlocked.Increment(ref runs));
            lamp.Handle("refuse", (Func<ReceivedCall, ArteryData>)(_ => throw new InvokeException(InvocationCode.Refused, "Not you.")));
            lamp.Handle("shout", (Func<ReceivedCall, ArteryData>)(_ => throw new InvokeException(new string('x', 500), "A code that no name could be.")));
            lamp.Handle("huge", _ => new string('x', ArteryLimits.ContentBytes));
        });
        Assert.Equal("switch", (await zone.Switch.InvokeAsync("lamp", "who", timeOut: InteropZone.Patience)).ToText());
        Assert.Equal(1, (await zone.Switch.InvokeAsync("lamp", "count", key: "k", timeOut: InteropZone.Patience)).ToInt64());
        Assert.Equal(1, (await zone.Switch.InvokeAsync("lamp", "count", key: "k", timeOut: InteropZone.Patience)).ToInt64());
        Assert.Equal(2, (await zone.Switch.InvokeAsync("lamp", "count", timeOut: InteropZone.Patience)).ToInt64());
        Assert.Equal(InvocationCode.Refused, await CodeAsync("lamp", "refuse"));
        Assert.Equal(InvocationCode.UnknownMethod, await CodeAsync("lamp", "melt"));
        Assert.Equal(InvocationCode.UnknownService, await CodeAsync("nobody", "who"));
        Assert.Equal(InvocationCode.Failed, await CodeAsync("lamp", "shout"));
        Assert.Equal(InvocationCode.Failed, await CodeAsync("lamp", "huge"));
        Assert.Equal("switch", (await zone.Switch.InvokeAsync("lamp", "who", timeOut: InteropZone.Patience)).ToText());

        async Task<string> CodeAsync(string service, string method) =>
            (await Assert.ThrowsAsync<InvokeException>(() => zone.Switch.InvokeAsync(service, method, timeOut: InteropZone.Patience))).Code;
    }

    [Fact]
    public async Task What_the_zone_wants_ordered_does_not_overlap_and_the_rest_does()
    {
        var (running, most, free) = (0, 0, new CountdownEvent(2));
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var zone = await CSharpZone.StartAsync(manifest: service => service with { Ordered = ["step.*"] }, prepare: lamp =>
        {
            lamp.On("step.*", async intent =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                Hear(intent);
            });
            lamp.On("free", async _ =>
            {
                if (free.Signal())
                    together.SetResult();
                await together.Task;
            });
        });
        zone.Switch.Send("free");
        zone.Switch.Send("free");
        for (var i = 1; i <= 100; i++)
            zone.Switch.Send("step.a", i);
        for (var i = 1; i <= 100; i++)
            Assert.Equal(i, (await _heard.Reader.ReadAsync(CSharpZone.Soon)).Data.ToInt64());
        Assert.Equal(1, most);
        await together.Task.WaitAsync(CSharpZone.Soon);
    }

    [Fact]
    public async Task What_a_handler_throws_is_one_severe_line_of_the_core_and_the_artery_stays()
    {
        await using var zone = await CSharpZone.StartAsync(prepare: lamp =>
        {
            lamp.On("broken", (Action<ReceivedIntent>)(_ => throw new InvalidOperationException("no bulb")));
            lamp.On("after", Hear);
        });
        zone.Switch.Send("broken");
        var line = await zone.Core.LoggedAsync(LogLevel.Error, "no bulb");
        Assert.Contains("broken", line, StringComparison.Ordinal);
        Assert.Contains("lamp", line, StringComparison.Ordinal);
        zone.Switch.Send("after");
        Assert.Equal("after", (await _heard.Reader.ReadAsync(CSharpZone.Soon)).Name);
    }

    void Hear(ReceivedIntent intent) => _heard.Writer.TryWrite(intent);
}

using System.Text;
using Allotrope.Artery;
using Allotrope.Conformance;

namespace Allotrope.Arteries.Tests;

public class StateTests
{
    [Fact]
    public async Task What_a_service_had_at_its_start_is_asked_for_and_spread_by_the_next_beat()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")));
        var a = new TestService("a", world.Time) { State = new Dictionary<string, ReadOnlyMemory<byte>> { ["lamp"] = TestService.Cbor("\"on\"") } };
        await world.ConnectAsync(a);
        var b = await world.ConnectAsync("b");
        await ZoneWorld.UntilAsync(() => world.Core.Status().StateVersion > 0);
        await world.BeatAsync(b);
        Assert.Equal("\"on\"", Json(b.ZoneState["a"]["lamp"]));
    }

    [Fact]
    public async Task A_beat_carries_only_what_changed_since_the_version_the_receiver_has_confirmed()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")));
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        await ReportAsync(1, ("lamp", "1"), ("door", "2"));
        Assert.True((await world.BeatAsync(b)).State!.Full);
        Assert.Null((await world.BeatAsync(b)).State);
        await ReportAsync(2, ("door", "null"));
        var change = (await world.BeatAsync(b)).State!;
        Assert.False(change.Full);
        Assert.Equal("null", Json(Assert.Single(change.Services["a"]).Value));

        async Task ReportAsync(long version, params (string, string)[] values)
        {
            var before = world.Core.Status().StateVersion;
            a.Report(version, values);
            await ZoneWorld.UntilAsync(() => world.Core.Status().StateVersion > before);
        }
    }

    [Theory]
    [InlineData("\"remote late\"", "remote late")]
    [InlineData("17", null)]
    [InlineData("null", null)]
    public async Task A_service_tells_its_health_in_its_state(string json, string? health)
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a") with { Satellite = "https://remote.example" }, Zone.Service("b")));
        var a = await world.ConnectAsync("a");
        a.Report(1, ("health", json), ("other", "1"));
        await ZoneWorld.UntilAsync(() => world.Core.Status().StateVersion > 0);
        Assert.Equal(("https://remote.example", health), (world.StatusOf("a").Satellite, world.StatusOf("a").Health));
        Assert.Null(world.StatusOf("b").Health);
    }

    [Fact]
    public void The_merged_state_always_fits_a_beat_and_who_would_make_it_larger_is_refused()
    {
        var state = new ZoneState(new ManualTime());
        var large = new Dictionary<string, ReadOnlyMemory<byte>> { ["map"] = TestService.Cbor($"\"{new string('x', 60 * 1024)}\"") };
        var refused = Assert.Throws<ArteryException>(() =>
        {
            for (var service = 1; service <= 200; service++)
                state.Merge(new Origin($"s{service}", 1), new StateReport(1, true, large, null));
        });
        Assert.Equal(CloseCode.TooLarge, refused.Code);
        var beat = new System.Buffers.ArrayBufferWriter<byte>();
        new Beat(1, 0, false, state.Version, state.Since(0), [], null).Write(beat);
        Assert.InRange(beat.WrittenCount, ArteryLimits.ContentBytes / 2, ArteryLimits.ContentBytes);
        Assert.True(state.Merge(new Origin("s1", 1), new StateReport(2, true, new Dictionary<string, ReadOnlyMemory<byte>>(), null)));
        Assert.True(state.Merge(new Origin("s200", 1), new StateReport(1, true, large, null)));
    }

    [Fact]
    public async Task The_state_is_complete_again_one_beat_after_the_core_has_restarted()
    {
        var time = new ManualTime();
        var manifest = Zone.Of(Zone.Service("a"), Zone.Service("b"));
        var state = new Dictionary<string, ReadOnlyMemory<byte>> { ["lamp"] = TestService.Cbor("[1,{\"x\":true}]") };
        long before;
        await using (var world = new ZoneWorld(manifest, time: time))
        {
            await world.ConnectAsync(new TestService("a", time) { State = state });
            await ZoneWorld.UntilAsync(() => world.Core.Status().StateVersion > 0);
            before = world.Core.Status().StateVersion;
        }
        time.Advance(TimeSpan.FromSeconds(1));
        await using var next = new ZoneWorld(manifest, time: time);
        await next.ConnectAsync(new TestService("a", time) { State = state });
        var b = await next.ConnectAsync("b");
        await ZoneWorld.UntilAsync(() => next.Core.Status().StateVersion > 0);
        await next.BeatAsync(b);
        Assert.Equal("""[1,{"x":true}]""", Json(b.ZoneState["a"]["lamp"]));
        Assert.True(next.Core.Status().StateVersion > before);
    }

    [Fact]
    public async Task A_service_may_ask_for_the_newest_state_at_any_time()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")));
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        a.Report(1, ("lamp", "42"));
        await ZoneWorld.UntilAsync(() => world.Core.Status().StateVersion > 0);
        b.Control(ControlType.GetState, output => Varint.Write(output, 9));
        var state = MergedState.Read((await b.NextControlAsync(ControlType.State)).Content);
        Assert.Equal((9, "42"), (state.Request, Json(state.Services["a"]["lamp"])));
    }

    [Fact]
    public void An_older_report_changes_nothing_and_a_newer_life_begins_anew()
    {
        var state = new ZoneState(new ManualTime());
        Assert.True(state.Merge(new("a", 1), Report(5, "x", "1")));
        Assert.False(state.Merge(new("a", 1), Report(4, "x", "0")));
        Assert.True(state.Merge(new("a", 2), Report(0, "x", "2")));
        Assert.False(state.Merge(new("a", 1), Report(6, "x", "3")));
        Assert.Equal("2", Json(state.Since(0).Services["a"]["x"]));
    }

    [Fact]
    public void More_state_than_a_service_may_have_is_refused()
    {
        var state = new ZoneState(new ManualTime());
        var half = $"\"{new string('x', ArteryLimits.StateBytes / 2)}\"";
        state.Merge(new("a", 1), Report(1, "x", half));
        Assert.Equal(CloseCode.TooLarge, Assert.Throws<ArteryException>(() => state.Merge(new("a", 1), Report(2, "y", half))).Code);
        Assert.True(state.Merge(new("a", 1), Report(3, "x", half.Replace('x', 'y'))));
    }

    static StateReport Report(long version, string key, string json) =>
        new(version, false, new Dictionary<string, ReadOnlyMemory<byte>> { [key] = TestService.Cbor(json) }, null);

    static string Json(ReadOnlyMemory<byte> cbor) => Encoding.UTF8.GetString(PrimitiveJson.ToJson(cbor.Span));
}

using Allotrope.Artery;
using Allotrope.Conformance;
using Allotrope.Contracts;

namespace Allotrope.Arteries.Tests;

public class HeartbeatTests
{
    [Fact]
    public async Task Every_artery_gets_a_beat_each_interval_and_not_before()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a")));
        var a = await world.ConnectAsync("a");
        world.Time.Advance(TimeSpan.FromSeconds(2.9));
        world.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, (await a.NextBeatAsync()).Number);
        Assert.Equal(3, (await world.BeatAsync(a)).Number);
    }

    [Fact]
    public async Task The_zone_is_told_once_that_all_its_services_have_answered()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")));
        var a = await world.ConnectAsync("a");
        await world.BeatAsync(a);
        Assert.Equal("running", world.Core.Status().Core);
        Assert.False(a.HasHeard);
        var b = await world.ConnectAsync("b");
        Assert.Equal(("CORE_STABLIZED", "core"), (await a.NextAsync() is var heard ? heard.Name : "", heard.Origin));
        await world.BeatAsync(a);
        await b.DisposeAsync();
        await world.ConnectAsync("b", epoch: 2);
        await world.BeatAsync(a);
        Assert.False(a.HasHeard);
        Assert.Equal("stabilized", world.Core.Status().Core);
    }

    [Fact]
    public async Task A_zone_that_does_not_want_to_be_told_is_not()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a")) with { Stabilized = false });
        var a = await world.ConnectAsync("a");
        await world.BeatAsync(a);
        Assert.False(a.HasHeard);
    }

    [Fact]
    public void A_pulse_rises_and_drops_once_for_each_change()
    {
        var pulse = new Pulse();
        double[] latencies = [300, 400, 200_000, 210_000, 205_000, 500, 600];
        Assert.Equal(
            [PulseChange.None, PulseChange.None, PulseChange.Rise, PulseChange.None, PulseChange.None, PulseChange.Drop, PulseChange.None],
            latencies.Select(pulse.Add));
        Assert.Equal(550, pulse.Mean);
    }

    [Fact]
    public void A_delay_of_200_ms_is_told_as_a_rising_pulse_within_two_beats()
    {
        var time = new ManualTime();
        using var core = new ZoneCore(Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false }, 1, new ZoneEvents(_ => { }), new ZoneLimits(), time);
        var (a, b) = (new SilentArtery(), new SilentArtery());
        core.Open(core.Find("a")!, a, 1);
        core.Open(core.Find("b")!, b, 1);
        Answer(delayMilliseconds: 1);
        time.Advance(core.Manifest.Heartbeat);
        Answer(delayMilliseconds: 200);
        Assert.Equal(1, b.Said);

        void Answer(int delayMilliseconds)
        {
            var beat = core.MakeBeat(core.Find("a")!, a);
            time.Advance(TimeSpan.FromMilliseconds(delayMilliseconds));
            core.Answer(core.Find("a")!, a, beat.Number, 0);
        }
    }

    [Fact]
    public void An_answer_counts_for_the_beat_it_answers_and_for_no_other()
    {
        var time = new ManualTime();
        using var core = new ZoneCore(Zone.Of(Zone.Service("a")), 1, new ZoneEvents(_ => { }), new ZoneLimits(), time);
        var (a, member) = (new SilentArtery(), core.Find("a")!);
        core.Open(member, a, 1);
        var beat = core.MakeBeat(member, a).Number;
        core.Answer(member, a, beat - 1, 0);
        core.Answer(member, a, beat + 1, 0);
        Assert.True(member.AwaitsReply);
        core.Answer(member, a, beat, 0);
        Assert.False(member.AwaitsReply);
    }

    [Theory]
    [InlineData(FlatlinePolicy.Stop, "stopped")]
    [InlineData(FlatlinePolicy.Zombie, "zombie")]
    [InlineData(FlatlinePolicy.Restart, "running")]
    public async Task A_required_service_that_misses_five_beats_has_the_zone_act_as_it_was_told(FlatlinePolicy policy, string core)
    {
        List<string> asked = [];
        string? stopped = null;
        var manifest = Zone.Of(Zone.Service("a", required: true), Zone.Service("b")) with { OnFlatline = policy, Stabilized = false };
        await using var world = new ZoneWorld(manifest, new ZoneEvents(_ => { }, asked.Add, why => stopped = why));
        var a = new TestService("a", world.Time);
        await world.ConnectAsync(a);
        var b = await world.ConnectAsync("b");
        a.AnswersBeats = false;
        for (var beat = 1; beat <= 5; beat++)
        {
            await world.BeatAsync(b);
            Assert.NotEqual("flat", world.StatusOf("a").Connection);
        }
        world.Beat();
        Assert.Equal((core, "flat"), (world.Core.Status().Core, world.StatusOf("a").Connection));
        Assert.Equal(policy == FlatlinePolicy.Restart ? ["a"] : [], asked);
        Assert.Equal(policy == FlatlinePolicy.Stop, stopped?.Contains('a') ?? false);
        if (policy == FlatlinePolicy.Stop)
            Assert.Equal(CloseCode.Stopping, await b.ClosedAsync());
        else
            Assert.Equal("PULSE_FLATLINE", (await b.NextAsync()).Name);
    }

    [Fact]
    public async Task A_service_that_was_flat_and_is_back_ends_the_zombie()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a", required: true)) with { Missed = 2 });
        for (var beat = 0; beat < 3; beat++)
            world.Beat();
        Assert.Equal("zombie", world.Core.Status().Core);
        await world.ConnectAsync("a");
        Assert.Equal(("stabilized", "open"), (world.Core.Status().Core, world.StatusOf("a").Connection));
    }

    [Fact]
    public void A_service_that_listens_is_dialled_once_each_beat_until_it_is_there()
    {
        var time = new ManualTime();
        var dials = 0;
        using var core = new ZoneCore(
            Zone.Of(Zone.Service("a") with { Host = "a" }), 1, new ZoneEvents(_ => dials++), new ZoneLimits(), time);
        time.Advance(TimeSpan.Zero);
        Assert.Equal(1, dials);
        time.Advance(core.Manifest.Heartbeat); // still under way
        Assert.Equal(1, dials);
        core.DialEnded(core.Find("a")!, "refused");
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(1, dials);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, dials);
    }
}

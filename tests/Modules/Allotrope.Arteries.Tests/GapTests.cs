using Allotrope.Artery;
using Allotrope.Conformance;
using Allotrope.Contracts;

namespace Allotrope.Arteries.Tests;

public class GapTests
{
    static readonly ZoneManifest Manifest = Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false };

    [Fact]
    public async Task A_receiver_that_was_away_is_told_how_many_it_missed()
    {
        await using var world = new ZoneWorld(Manifest);
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        a.Say("TICK");
        await b.NextAsync();
        await b.DisposeAsync();
        await ZoneWorld.UntilAsync(() => world.StatusOf("b").Connection != "open");
        for (var i = 0; i < 7; i++)
            a.Say("TICK");
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Sent == 8);

        b = await world.ConnectAsync(b.Again());
        await world.BeatAsync(b);
        Assert.Equal((1, 7, 0), (b.Arrived("a"), b.Missed("a"), b.Passed("a")!.Value.Unknown));
        Assert.Equal(7, world.StatusOf("b").Missed);
    }

    [Fact]
    public async Task Numbers_that_the_core_never_saw_are_told_as_unknown()
    {
        await using var world = new ZoneWorld(Manifest);
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        a.Say("TICK");
        a.Lose();
        a.Lose();
        a.Say("TICK");
        await b.NextAsync();
        await b.NextAsync();
        await world.BeatAsync(b);
        Assert.Equal((2, 0, 2), (b.Arrived("a"), b.Missed("a"), b.Passed("a")!.Value.Unknown));
    }

    [Fact]
    public async Task A_restarted_receiver_is_told_of_nothing_that_was_before_its_life()
    {
        await using var world = new ZoneWorld(Manifest);
        var a = await world.ConnectAsync("a");
        for (var i = 0; i < 5; i++)
            a.Say("TICK");
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Sent == 5);
        var b = await world.ConnectAsync("b", epoch: 2);
        a.Say("TICK");
        await b.NextAsync();
        await world.BeatAsync(b);
        Assert.Equal((1, 0, 0), (b.Arrived("a"), b.Missed("a"), b.Passed("a")!.Value.Unknown));
    }

    [Fact]
    public async Task Over_a_restart_of_the_core_what_arrived_was_missed_and_is_unknown_add_up_to_what_was_sent()
    {
        var time = new ManualTime();
        TestService a, b;
        await using (var world = new ZoneWorld(Manifest, time: time))
        {
            (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
            for (var i = 0; i < 4; i++)
                a.Say("TICK");
            for (var i = 0; i < 4; i++)
                await b.NextAsync();
            await world.BeatAsync(b);
        }
        (a, b) = (a.Again(), b.Again());
        a.Lose(); // said while there was no core
        a.Lose();
        time.Advance(TimeSpan.FromSeconds(1));
        await using var next = new ZoneWorld(Manifest, time: time);
        await next.ConnectAsync(a);
        a.Say("TICK"); // before b is back: meant for it, and missed
        await ZoneWorld.UntilAsync(() => next.StatusOf("a").Sent == 1);
        await next.ConnectAsync(b);
        a.Say("TICK");
        await b.NextAsync();
        await next.BeatAsync(b);
        Assert.Equal((5, 1, 2), (b.Arrived("a"), b.Missed("a"), b.Passed("a")!.Value.Unknown));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_artery_lost_before_its_service_has_said_what_it_knew_leaves_no_intent_uncounted(bool livedBefore)
    {
        var time = new ManualTime();
        using var core = new ZoneCore(Manifest, 1, new ZoneEvents(_ => { }), new ZoneLimits(), time);
        var (origin, a, b) = (new Origin("a", 1), core.Find("a")!, core.Find("b")!);
        var (ofA, first, second) = (new SilentArtery(), new SilentArtery(), new SilentArtery());
        core.Open(a, ofA, 1);
        Say(1, 2); // b is not there yet: missed if it lived before, nothing to it if not
        core.Open(b, first, 1);
        core.MakeBeat(b, first);
        Say(3, 5); // written, of which the first alone arrives before the artery is lost
        core.Close(b, first, CloseCode.Lost, "");
        Say(6, 6);
        core.Open(b, second, 1);
        core.MakeBeat(b, second);
        var known = livedBefore ? new KnownOrigin("a", 1, 3, Arrived: 11, Missed: 0, Unknown: 0) : new KnownOrigin("a", 1, 3, Arrived: 1, Missed: 0, Unknown: 0);
        core.Report(b, second, new StateReport(0, true, new Dictionary<string, ReadOnlyMemory<byte>>(), new KnownStreams(1, [known])));
        Say(7, 7);
        var passed = Assert.Single(core.MakeBeat(b, second).Passed);
        Assert.Equal(livedBefore ? 5 : 3, passed.Passed - known.Arrived - 1); // 4, 5 and 6, and 1 and 2 if it lived

        void Say(long from, long to)
        {
            for (var sequence = from; sequence <= to; sequence++)
                core.Hear(a, ofA, new Intent("TICK", origin, sequence, 0, default));
        }
    }

    [Fact]
    public async Task What_one_receiver_claims_to_know_changes_nothing_for_the_others()
    {
        await using var world = new ZoneWorld(Manifest with { Services = [Zone.Service("a"), Zone.Service("b"), Zone.Service("c")] });
        var (a, c) = (await world.ConnectAsync("a"), await world.ConnectAsync("c"));
        var liar = new TestService("b", world.Time);
        for (var epoch = 1; epoch <= 10; epoch++)
            liar.Claim(new KnownOrigin("a", epoch, 1_000_000_000_000, 5, 5, 5));
        for (var i = 0; i < 10_000; i++)
            liar.Claim(new KnownOrigin($"nobody{i}", 1, 1, 1, 1, 1));
        await world.ConnectAsync(liar);
        a.Say("TICK");
        await c.NextAsync();
        await world.BeatAsync(c);
        Assert.Equal((1, 0, 0L), (c.Arrived("a"), c.Missed("a"), c.Passed("a")!.Value.Unknown));
        Assert.InRange(world.Core.Find("b")!.Remembered.Count, 0, 12); // of those who are here, and few lives of each
    }

    [Fact]
    public void An_origin_that_leaves_out_numbers_takes_no_memory_for_a_receiver_that_is_away()
    {
        var run = new OriginRun(new("a", 1));
        var account = new Account(run);
        for (var sequence = 2L; sequence < 1_000_000; sequence += 2)
        {
            run.See(sequence);
            account.Mean(sequence);
            account.Pass(sequence, dropped: true);
        }
        Assert.InRange(account.WaitingJumps, 0, 1024);
    }

    [Fact]
    public async Task A_backlog_of_one_beat_comes_in_one_frame_once_and_no_later()
    {
        await using var world = new ZoneWorld(Manifest with { Services = [Zone.Service("a"), Zone.Service("b", queue: 3) with { Backlog = true }] });
        var a = await world.ConnectAsync("a");
        for (var i = 0; i < 5; i++)
            a.Say("TICK"); // two too many
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Sent == 5);
        var b = await world.ConnectAsync("b");
        for (var sequence = 3; sequence <= 5; sequence++)
            Assert.Equal(sequence, (await b.NextAsync()).Sequence);
        Assert.Equal(1, b.Batches);

        await b.DisposeAsync();
        await ZoneWorld.UntilAsync(() => world.StatusOf("b").Connection != "open");
        a.Say("TICK");
        await ZoneWorld.UntilAsync(() => world.StatusOf("b").Waiting == 1);
        await world.BeatAsync(a);
        await world.BeatAsync(a);
        Assert.Equal(0, world.StatusOf("b").Waiting);
        b = await world.ConnectAsync(b.Again());
        a.Say("TOCK");
        Assert.Equal("TOCK", (await b.NextAsync()).Name);
        await world.BeatAsync(b);
        Assert.Equal((4, 1), (b.Arrived("a"), b.Missed("a"))); // two of the seven were before its life
    }

    [Fact]
    public async Task A_receiver_whose_first_answer_was_lost_is_asked_again_and_told_of_its_own_life_only()
    {
        await using var world = new ZoneWorld(Manifest);
        var a = await world.ConnectAsync("a");
        for (var i = 0; i < 5; i++)
            a.Say("TICK");
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Sent == 5);
        var b = await world.ConnectAsync(new TestService("b", world.Time) { AnswersBeats = false });
        await b.DisposeAsync();
        await ZoneWorld.UntilAsync(() => world.StatusOf("b").Connection != "open");
        a.Say("TICK");
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Sent == 6);

        b = await world.ConnectAsync(b.Again());
        await world.BeatAsync(b);
        Assert.Equal((0, 1, 0), (b.Arrived("a"), b.Missed("a"), b.Passed("a")!.Value.Unknown));
    }

    [Fact]
    public async Task Of_many_lives_that_a_receiver_has_met_a_restarted_core_goes_on_from_the_present_one()
    {
        await using var world = new ZoneWorld(Manifest);
        var b = new TestService("b", world.Time);
        for (var epoch = 1; epoch <= 6; epoch++)
            b.Claim(new KnownOrigin("a", epoch, HighSequence: 4, Arrived: 3, Missed: 1, Unknown: 0));
        await world.ConnectAsync(b);
        var a = new TestService("a", world.Time, epoch: 6);
        for (var i = 0; i < 4; i++)
            a.Lose(); // said to the core before
        await world.ConnectAsync(a);
        a.Say("TICK");
        await b.NextAsync();
        await world.BeatAsync(b);
        Assert.Equal((5, 0), (b.Passed("a")!.Value.Passed, b.Passed("a")!.Value.Unknown));
    }

    [Fact]
    public async Task A_new_life_that_gets_the_backlog_of_the_one_before_is_told_all_the_rest()
    {
        await using var world = new ZoneWorld(Manifest with { Services = [Zone.Service("a"), Zone.Service("b") with { Backlog = true }] });
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        await b.DisposeAsync();
        await ZoneWorld.UntilAsync(() => world.StatusOf("b").Connection != "open");
        a.Say("TICK");
        a.Say("TICK");
        await ZoneWorld.UntilAsync(() => world.StatusOf("b").Waiting == 2);
        b = await world.ConnectAsync("b", epoch: 2);
        Assert.Equal((1, 2), ((await b.NextAsync()).Sequence, (await b.NextAsync()).Sequence));

        a.Lose();
        await a.DisposeAsync();
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Connection != "open");
        await world.ConnectAsync(a.Again());
        await world.BeatAsync(b);
        Assert.Equal((2, 0, 1), (b.Arrived("a"), b.Missed("a"), b.Passed("a")!.Value.Unknown));
    }

    [Fact]
    public void Gaps_of_a_long_life_are_counted_exactly_whatever_is_lost_where()
    {
        var random = new Random(20261121);
        var run = new OriginRun(new("a", 1));
        var account = new Account(run);
        long arrived = 0, sent = 0, meant = 0, dropped = 0;
        for (var i = 0; i < 10_000; i++)
        {
            sent++;
            if (random.Next(10) == 0)
                continue; // lost before the core
            Assert.True(run.See(sent));
            account.Mean(sent);
            meant++;
            var lost = random.Next(5) == 0;
            account.Pass(sent, lost);
            (arrived, dropped) = lost ? (arrived, dropped + 1) : (arrived + 1, dropped);
            if (random.Next(20) != 0 || account.Next() is not { } line)
                continue;
            Assert.Equal((sent, dropped), (line.Passed + line.Unknown, line.Passed - arrived));
            Assert.Equal(sent, line.HighSequence);
        }
        Assert.Equal(meant, account.Meant);
    }
}

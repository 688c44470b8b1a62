using Allotrope.Artery;

namespace Allotrope.Arteries.Tests;

public class ForwardingTests
{
    [Fact]
    public async Task An_intent_reaches_every_other_service_and_never_its_origin()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b"), Zone.Service("c")) with { Stabilized = false });
        var (a, b, c) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"), await world.ConnectAsync("c"));
        var built = ArteryTime.Now(world.Time);

        a.Say("DOOR", """{"open":true}""");

        var expected = new Heard("DOOR", "a", 1, built, """{"open":true}""");
        Assert.Equal((expected, expected), (await b.NextAsync(), await c.NextAsync()));
        b.Say("ECHO");
        Assert.Equal("ECHO", (await a.NextAsync()).Name);
    }

    [Fact]
    public async Task A_service_gets_what_its_list_names_and_says_what_its_list_allows()
    {
        string[] names = ["DOOR.open", "DOOR.shut", "LIGHT", "HEAT", "WIND"];
        (string Name, string Receive)[] lists = [("v", ""), ("w", "DOOR.*"), ("x", "LIGHT,HEAT"), ("y", "DOOR.shut,W*"), ("z", "NONE")];
        await using var world = new ZoneWorld(
            Zone.Of([Zone.Service("said", emit: "DOOR.*,LIGHT,HEAT,WIND,END"), .. lists.Select(list => Zone.Service(list.Name, Received(list.Receive)))])
            with { Stabilized = false });
        var origin = await world.ConnectAsync("said");
        var services = await Task.WhenAll(lists.Select(list => world.ConnectAsync(list.Name)));

        foreach (var name in names)
            origin.Say(name);
        origin.Say("FORBIDDEN");
        origin.Say("PULSE_RISE"); // only the core says that
        origin.Say("END");

        string[][] heard = await Task.WhenAll(services.Select(UntilEndAsync));
        Assert.Equal(names, heard[0]);
        Assert.Equal(["DOOR.open", "DOOR.shut"], heard[1]);
        Assert.Equal(["LIGHT", "HEAT"], heard[2]);
        Assert.Equal(["DOOR.shut", "WIND"], heard[3]);
        Assert.Empty(heard[4]);
        Assert.Contains("PULSE_RISE", world.StatusOf("said").Message);

        static string Received(string list) => list.Length == 0 ? "" : list + ",END";
    }

    [Fact]
    public async Task Intents_of_one_origin_arrive_in_the_order_they_were_built_in()
    {
        await using var world = new ZoneWorld(
            Zone.Of(Zone.Service("a", queue: 100_000), Zone.Service("b", queue: 100_000)) with { Stabilized = false });
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        for (var i = 1; i <= 20_000; i++)
        {
            await ZoneWorld.UntilAsync(() => a.Link!.Waiting < 1000);
            a.Say("TICK");
        }
        for (var i = 1; i <= 20_000; i++)
            Assert.Equal(i, (await b.NextAsync()).Sequence);
    }

    [Fact]
    public async Task What_was_said_while_a_service_was_away_is_delivered_not_once_later_let_alone_more_often()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false });
        var a = await world.ConnectAsync("a");
        for (var i = 0; i < 5; i++)
            a.Say("TICK");
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Sent == 5);
        var b = await world.ConnectAsync("b");
        a.Say("TOCK");
        Assert.Equal(("TOCK", 6), (await b.NextAsync() is var heard ? heard.Name : "", heard.Sequence));
        Assert.Equal((1, 5), (world.StatusOf("b").Received, world.StatusOf("b").Missed));
    }

    [Fact]
    public async Task A_number_that_was_there_before_is_not_delivered_again()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false });
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        foreach (var sequence in new[] { 1, 2, 2, 1, 3 })
            a.TrySay("TICK", sequence);
        foreach (var expected in new[] { 1, 2, 3 })
            Assert.Equal(expected, (await b.NextAsync()).Sequence);
    }

    [Fact]
    public async Task An_intent_that_asks_is_acknowledged_by_its_own_number()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")));
        var a = await world.ConnectAsync("a");
        a.TrySay("SILENT", 1);
        a.TrySay("ASKS", 2, ack: 77);
        Assert.Equal([77], (await a.NextControlAsync(ControlType.Ack)).Content);
    }

    [Fact]
    public void Forwarding_takes_no_memory_for_each_intent()
    {
        using var core = new ZoneCore(
            Zone.Of(Zone.Service("a") with { Rate = 100_000_000 }, Zone.Service("b")), 1, new ZoneEvents(_ => { }), new ZoneLimits(), TimeProvider.System);
        var (a, b) = (new SilentArtery(), new SilentArtery());
        core.Open(core.Find("a")!, a, 1);
        core.Open(core.Find("b")!, b, 1);
        var nothing = new StateReport(0, true, new Dictionary<string, ReadOnlyMemory<byte>>(), new KnownStreams(1, []));
        core.Report(core.Find("b")!, b, nothing); // as each service does in answer to its first beat
        var (member, origin, sequence) = (core.Find("a")!, new Origin("a", 1), 0L);
        for (var i = 0; i < 1000; i++)
            core.Hear(member, a, new Intent("TICK", origin, ++sequence, 0, default));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            core.Hear(member, a, new Intent("TICK", origin, ++sequence, 0, default));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(11_000, b.Said);
    }

    [Fact]
    public async Task A_newer_artery_of_a_service_replaces_the_one_before()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false });
        var first = await world.ConnectAsync("a");
        var (second, b) = (await world.ConnectAsync("a", epoch: 2), await world.ConnectAsync("b"));
        Assert.Equal(CloseCode.Replaced, await first.ClosedAsync());
        second.Say("HERE");
        Assert.Equal("HERE", (await b.NextAsync()).Name);
    }

    [Fact]
    public void What_a_replaced_artery_still_brings_or_is_closed_with_changes_nothing()
    {
        using var core = new ZoneCore(Zone.Of(Zone.Service("a"), Zone.Service("b")), 1, new ZoneEvents(_ => { }), new ZoneLimits(), TimeProvider.System);
        var (member, other) = (core.Find("a")!, core.Find("b")!);
        var (first, second, b) = (new SilentArtery(), new SilentArtery(), new SilentArtery());
        core.Open(other, b, 1);
        core.Open(member, first, 1);
        core.Open(member, second, 2);
        core.Hear(member, first, new Intent("TICK", new Origin("a", 1), 1, 0, default));
        core.Answer(member, first, 1, 0);
        core.Report(member, first, new StateReport(1, true, new Dictionary<string, ReadOnlyMemory<byte>>(), new KnownStreams(99, [])));
        core.Close(member, first, CloseCode.Lost, "The connection is lost.");
        Assert.Equal((0, true, true, ""), (b.Said, member.AwaitsReply, member.AwaitsKnown, member.Message));
        Assert.Same(second, member.Artery);
        core.Hear(member, second, new Intent("TICK", new Origin("a", 2), 1, 0, default));
        Assert.Equal(1, b.Said);
    }

    [Fact]
    public async Task Users_of_a_service_are_services_of_their_own()
    {
        await using var world = new ZoneWorld(Zone.Of(Zone.Service("ui"), Zone.Service("b")) with { Stabilized = false });
        var (ann, bob) = (await world.ConnectAsync("ui", user: "ann"), await world.ConnectAsync("ui", user: "bob"));
        ann.Say("CLICK");
        Assert.Equal("ui/ann", (await bob.NextAsync()).Origin);
    }

    [Fact]
    public async Task A_user_who_has_left_makes_room_for_another_and_one_who_is_there_does_not()
    {
        await using var world = new ZoneWorld(
            Zone.Of(Zone.Service("ui"), Zone.Service("b")) with { Stabilized = false }, limits: new ZoneLimits { Users = 2 });
        var (ann, bob) = (await world.ConnectAsync("ui", user: "ann"), await world.ConnectAsync("ui", user: "bob"));
        ann.Report(1, ("lamp", "1"));
        await ZoneWorld.UntilAsync(() => world.Core.Status().StateVersion > 0);
        await using (var early = new TestService("ui", world.Time))
        {
            await early.ConnectAsync(world.Wire(), user: "eve");
            Assert.Equal(CloseCode.NotAuthenticated, await early.ClosedAsync());
        }
        await ann.DisposeAsync();
        await ZoneWorld.UntilAsync(() => world.StatusOf("ui/ann").Connection != "open");
        var eve = await world.ConnectAsync("ui", user: "eve");
        eve.Say("CLICK");
        Assert.Equal("ui/eve", (await bob.NextAsync()).Origin);
        Assert.DoesNotContain(world.Core.Status().Arteries, artery => artery.Service == "ui/ann");
        Assert.DoesNotContain(world.Core.State().Services, pair => pair.Key == "ui/ann");
    }

    static async Task<string[]> UntilEndAsync(TestService service)
    {
        List<string> names = [];
        if (service.Name == "z")
            return [];
        while (await service.NextAsync() is { Name: not "END" } heard)
            names.Add(heard.Name);
        return [.. names];
    }
}

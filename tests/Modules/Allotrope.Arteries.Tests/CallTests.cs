using System.Text.Json;
using Allotrope.Artery;
using Allotrope.Contracts;
using Invocation = Allotrope.Artery.Invocation;

namespace Allotrope.Arteries.Tests;

public class CallTests
{
    static readonly ZoneManifest Manifest = Zone.Of(Zone.Service("a"), Zone.Service("b"))
        with { Stabilized = false, Heartbeat = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task A_call_reaches_its_target_and_the_answer_its_caller()
    {
        await using var world = new ZoneWorld(Manifest);
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        a.Call(Request(7, "b"));
        var call = Assert.IsType<Invocation.Request>(await b.NextCallAsync());
        Assert.Equal(("a", "greet"), (call.Caller, call.Method)); // whatever the caller says it is called
        b.Call(new Invocation.Result(call.Id, TestService.Cbor("\"hello\"")));
        var answer = Assert.IsType<Invocation.Result>(await a.NextCallAsync());
        Assert.Equal((7, TestService.Cbor("\"hello\"").ToArray()), (answer.Id, answer.Data.ToArray()), Same);
    }

    [Theory]
    [InlineData("nobody", InvocationCode.UnknownService)]
    [InlineData("b", InvocationCode.Unreachable)]
    public async Task A_call_that_cannot_arrive_is_answered_at_once(string target, string code)
    {
        await using var world = new ZoneWorld(Manifest);
        var a = await world.ConnectAsync("a");
        a.Call(Request(1, target));
        Assert.Equal(code, Assert.IsType<Invocation.Error>(await a.NextCallAsync()).Code);
    }

    [Fact]
    public async Task The_core_answers_how_the_zone_fares()
    {
        await using var world = new ZoneWorld(Manifest);
        var a = await world.ConnectAsync("a");
        a.Call(Request(1, "core", method: "status"));
        var status = JsonDocument.Parse(PrimitiveJson.ToJson(Assert.IsType<Invocation.Result>(await a.NextCallAsync()).Data.Span)).RootElement;
        Assert.Equal("running", status.GetProperty("core").GetString());
        Assert.Equal("open", status.GetProperty("services").GetProperty("a").GetProperty("connection").GetString());
        Assert.Equal(1, status.GetProperty("services").GetProperty("a").GetProperty("answered").GetInt32());
        Assert.Equal("awaited", status.GetProperty("services").GetProperty("b").GetProperty("connection").GetString());
        a.Call(Request(2, "core", method: "stop"));
        Assert.Equal(InvocationCode.UnknownMethod, Assert.IsType<Invocation.Error>(await a.NextCallAsync()).Code);
    }

    [Fact]
    public async Task A_repeated_key_gets_the_first_answer_for_a_minute_and_runs_nothing()
    {
        await using var world = new ZoneWorld(Manifest);
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        a.Call(Request(1, "b", key: "once"));
        var call = (Invocation.Request)await b.NextCallAsync();
        a.Call(Request(2, "b", key: "once")); // while the first is under way
        b.Call(new Invocation.Error(call.Id, InvocationCode.UnknownMethod, "no greet here"));
        foreach (var id in new[] { 1, 2 })
            Assert.Equal(new Invocation.Error(id, InvocationCode.UnknownMethod, "no greet here"), await a.NextCallAsync());
        world.Time.Advance(TimeSpan.FromSeconds(59));
        a.Call(Request(3, "b", key: "once"));
        Assert.Equal(3, Assert.IsType<Invocation.Error>(await a.NextCallAsync()).Id);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        a.Call(Request(4, "b", key: "once"));
        Assert.IsType<Invocation.Request>(await b.NextCallAsync());
    }

    [Fact]
    public async Task A_target_that_does_not_answer_lets_the_call_time_out()
    {
        await using var world = new ZoneWorld(Manifest);
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        a.Call(Request(1, "b"));
        await b.NextCallAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(InvocationCode.TimedOut, Assert.IsType<Invocation.Error>(await a.NextCallAsync()).Code);
    }

    [Fact]
    public async Task A_target_that_is_lost_lets_the_call_fail_at_once()
    {
        await using var world = new ZoneWorld(Manifest);
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        a.Call(Request(1, "b"));
        await b.NextCallAsync();
        await b.DisposeAsync();
        Assert.Equal(InvocationCode.Failed, Assert.IsType<Invocation.Error>(await a.NextCallAsync()).Code);
    }

    static Invocation.Request Request(long id, string target, string? key = null, string method = "greet") =>
        new(id, target, "somebody else", method, key, TestService.Cbor("[1]"), TimeSpan.FromSeconds(1));

    static bool Same((long Id, byte[] Bytes) one, (long Id, byte[] Bytes) other) => one.Id == other.Id && one.Bytes.SequenceEqual(other.Bytes);
}

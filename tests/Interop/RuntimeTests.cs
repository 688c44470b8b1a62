using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Allotrope.Interop;

/// <summary>Services in Deno, node and the original's JSON, dialling and dialled, in one zone with the real core.</summary>
public sealed class RuntimeTests : IAsyncLifetime
{
    static readonly string[] Ours = ["deno", "deno-listens", "node", "node-listens"];
    static readonly string[] All = [.. Ours, "legacy"];

    InteropZone _zone = null!;

    public async ValueTask InitializeAsync()
    {
        var (deno, node, legacy) = (InteropZone.FreePort(), InteropZone.FreePort(), InteropZone.FreePort());
        List<Limb> limbs =
        [
            await Limb.DenoAsync(InteropZone.ListeningAt("deno-listens", deno)),
            Limb.Node(InteropZone.ListeningAt("node-listens", node)),
            await Limb.LegacyAsync(legacy),
        ];
        _zone = await InteropZone.StartAsync(
            InteropZone.Service("deno"), InteropZone.Service("deno-listens", deno),
            InteropZone.Service("node"), InteropZone.Service("node-listens", node),
            InteropZone.Service("legacy", legacy, legacy: true));
        limbs.Add(await Limb.DenoAsync(_zone.Dialling("deno")));
        limbs.Add(Limb.Node(_zone.Dialling("node")));
        foreach (var limb in limbs)
            await _zone.AddAsync(limb);
    }

    public ValueTask DisposeAsync() => _zone?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Services_of_all_runtimes_exchange_intents_state_and_invocations()
    {
        await Everyone_answers_the_core();
        await Everyone_receives_all_of_everyone_else_in_order(rounds: 1);
        await State_is_merged_and_known_to_all();
        await Invocations_cross_runtimes();
        await A_failed_handler_is_one_severe_line();
        await _zone.RestartCoreAsync(All);
        await Everyone_receives_all_of_everyone_else_in_order(rounds: 2);
        await State_is_merged_and_known_to_all();
    }

    async Task Everyone_answers_the_core()
    {
        await _zone.SayAsync("ROLL_CALL", 7);
        var present = await _zone.HearAsync("PRESENT", All.Length);
        Assert.Equal(All.Order(), present.Select(one => one.Origin).Order());
        Assert.All(present, one => Assert.Equal(one.Origin, one.Data.GetProperty("name").GetString()));
        Assert.Equal("deno", RuntimeOf("deno"));
        Assert.Equal("node", RuntimeOf("node-listens"));
        Assert.Equal("original", RuntimeOf("legacy"));

        string? RuntimeOf(string origin) => present.Single(one => one.Origin == origin).Data.GetProperty("runtime").GetString();
    }

    async Task Everyone_receives_all_of_everyone_else_in_order(int rounds)
    {
        const int Ticks = 200;
        await _zone.SayAsync("START", Ticks);
        await _zone.HearAsync("TICK", Ticks * All.Length);
        await _zone.SayAsync("REPORT", null);
        foreach (var (origin, report) in await _zone.HearAsync("REPORTED", All.Length))
        {
            var heard = report.GetProperty("heard").Deserialize<Dictionary<string, int[]>>()!;
            Assert.Equal(All.Except([origin]).Order(), heard.Keys.Order());
            Assert.All(heard.Values, ticks => Assert.Equal(Enumerable.Range(0, rounds * Ticks).Select(tick => tick % Ticks + 1), ticks));
            if (origin != "legacy")
                Assert.Equal(0, report.GetProperty("missed").GetInt32());
        }
    }

    async Task State_is_merged_and_known_to_all()
    {
        // State travels with heartbeats, so it is there a few beats later
        var deadline = DateTime.UtcNow + InteropZone.Patience;
        while (true)
        {
            await _zone.SayAsync("REPORT", null);
            var reports = (await _zone.HearAsync("REPORTED", All.Length))
                .Where(one => one.Origin != "legacy").Select(one => one.Data.GetProperty("state"));
            if (reports.All(state => Ours.All(service =>
                state.TryGetProperty(service, out var own) && own.TryGetProperty("called", out var called) && called.GetInt32() == 7)))
                return;
            Assert.True(DateTime.UtcNow < deadline, "The services' state was not merged in time.");
        }
    }

    async Task Invocations_cross_runtimes()
    {
        foreach (var (by, of) in new[] { ("deno", "node"), ("node", "deno-listens"), ("deno-listens", "node-listens"), ("node-listens", "deno") })
        {
            await _zone.SayAsync("ASK", new { by, of, what = new { text = "ü", list = new object?[] { 1, 2.5, null } } });
            var (origin, data) = Assert.Single(await _zone.HearAsync("ANSWERED", 1));
            var answer = data.GetProperty("answer");
            Assert.Equal((by, of, by), (origin, answer.GetProperty("from").GetString(), answer.GetProperty("caller").GetString()));
            var what = answer.GetProperty("what").GetRawText().Replace("\\u00FC", "ü", StringComparison.Ordinal);
            Assert.Equal("""{"text":"ü","list":[1,2.5,null]}""", what);
        }
    }

    async Task A_failed_handler_is_one_severe_line()
    {
        await _zone.SayAsync("STUMBLE", "node");
        var line = await _zone.LoggedAsync(LogLevel.Error, "a stone");
        Assert.Contains("STUMBLE", line, StringComparison.Ordinal);
        Assert.Contains("node", line, StringComparison.Ordinal);
    }
}

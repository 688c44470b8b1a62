using System.Text.Json;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary>samples/satellite: a zone that hears of a system outside it, which stalls.</summary>
public class SatelliteTests(ITestOutputHelper output)
{
    /// <summary>Beats that everybody has to answer while the remote answers nobody.</summary>
    const int Beats = 8;

    /// <summary>A machine with two busy cores.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_remote_that_stalls_delays_no_heartbeat_and_is_told_as_the_satellites_health()
    {
        _ = Tools.Node;
        await using var world = new World();
        var node = await world.UpAsync("samples/satellite", "--run");
        await AwaitAsync(world, zone => Of(zone, "weather").GetProperty("health").GetString() == "ok");
        await RemoteAsync(world, node, "stall?seconds=3600"); // until it is told to go on: the test waits for no clock

        var stalled = await AwaitAsync(world, IsStalled);
        var later = await AwaitAsync(world, zone => Services(zone).All(service =>
            Answered(zone, service) >= Answered(stalled, service) + Beats));
        Assert.True(IsStalled(later));
        Assert.All(Services(later), service => Assert.Equal("open", Of(later, service).GetProperty("connection").GetString()));
        Assert.All(Services(later), service => Assert.Equal(Missed(stalled, service), Missed(later, service)));
        foreach (var service in Services(later))
            output.WriteLine($"{service}: pulse {Of(later, service).GetProperty("pulseMicroseconds").GetDouble() / 1000:0.0} ms with the remote stalled");

        var table = (await world.AllotAsync("zone", "status")).Ok();
        Assert.Contains("weather is a satellite of http://127.0.0.1:8200/weather, which is not well: stalled since ", table, StringComparison.Ordinal);
        await RemoteAsync(world, node, "resume");
        await AwaitAsync(world, zone => Of(zone, "weather").GetProperty("health").GetString() == "ok");
    }

    [Fact]
    public async Task A_remote_that_is_not_there_is_told_too()
    {
        _ = Tools.Node;
        await using var world = new World();
        var compose = world.Write("compose.yaml", $$"""
            name: alone
            services:
              weather:
                command: [node, {{Repository.PathOf("samples/satellite/services/weather.js")}}]
                secrets: [o3_key]
                labels: {o3.dials: true, o3.satellite: "http://127.0.0.1:8200/weather"}
            secrets:
              o3_key: {file: key.txt}
            """);
        await world.UpAsync(compose, "--run");
        var zone = await AwaitAsync(world, zone => Of(zone, "weather").GetProperty("health").GetString()!.StartsWith("unreachable since", StringComparison.Ordinal));
        Assert.Equal("open", Of(zone, "weather").GetProperty("connection").GetString());
    }

    static bool IsStalled(JsonElement zone) => Of(zone, "weather").GetProperty("health").GetString()!.StartsWith("stalled since", StringComparison.Ordinal);

    static IEnumerable<string> Services(JsonElement zone) => zone.GetProperty("arteries").EnumerateArray().Select(artery => artery.GetProperty("service").GetString()!);

    static JsonElement Of(JsonElement zone, string service) => zone.GetProperty("arteries").EnumerateArray().Single(artery => artery.GetProperty("service").GetString() == service);

    static long Answered(JsonElement zone, string service) => Of(zone, service).GetProperty("answered").GetInt64();

    static long Missed(JsonElement zone, string service) => Of(zone, service).GetProperty("missed").GetInt64();

    static async Task RemoteAsync(World world, RunningNode node, string what) =>
        (await node.Http.PostAsync(new Uri($"http://127.0.0.1:{world.WeatherPort}/{what}"), null)).EnsureSuccessStatusCode();

    /// <summary>Asks until the zone is so, as a person at a terminal would.</summary>
    static async Task<JsonElement> AwaitAsync(World world, Func<JsonElement, bool> holds)
    {
        using var late = new CancellationTokenSource(Patience);
        var printed = "";
        while (!late.IsCancellationRequested)
        {
            printed = (await world.AllotAsync("zone", "status", "--json")).Ok();
            var zone = JsonDocument.Parse(printed).RootElement;
            if (holds(zone))
                return zone;
        }
        throw new TimeoutException($"The zone did not become so: {printed}");
    }
}

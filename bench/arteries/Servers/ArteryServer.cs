using Allotrope.Arteries;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Bench.Arteries.Servers;

/// <summary>Ours: the core of two zones behind the node's own listener, with a limit of flood that a load generator does not reach.</summary>
static class ArteryServer
{
    /// <summary>Intents that may wait at either end: more than are ever under way.</summary>
    public const int Queue = 1 << 18;

    public static ArteryKey KeyOf(string zone) => ArteryKey.OfZone("the o3_key of the benchmark"u8, zone);

    /// <summary>The argument that makes this program be it.</summary>
    public const string Role = "--artery";

    public static async Task<int> RunAsync()
    {
        var directory = new ZoneDirectory();
        foreach (var (room, members) in Rooms.All)
            directory.Add(new RunningZone(
                Zone(room, members), () => [KeyOf(room)], new ZoneEvents(_ => { }), new ZoneLimits(), TimeProvider.System,
                SystemRandom.Instance, NullLogger.Instance));
        await using var listener = await ArteryListener.OpenAsync(
            new ArteriesOptions { Port = 0 }, directory, TimeProvider.System, SystemRandom.Instance, NullLoggerFactory.Instance, CancellationToken.None);
        await Console.Out.WriteLineAsync($"ws://127.0.0.1:{listener.Address.Port}");
        while (await Console.In.ReadLineAsync() is not null)
            await Console.Out.WriteLineAsync($"{GC.GetTotalAllocatedBytes(precise: true)}");
        return 0;
    }

    static ZoneManifest Zone(string room, int members) => new(
        room, ZoneManifest.DefaultHeartbeat, ZoneManifest.DefaultMissed, Stabilized: false, FlatlinePolicy.Zombie, room,
        [.. Enumerable.Range(0, members).Select(number => new ZoneService(
            $"s{number}", null, 0, [], [], Backlog: false, Required: false, Queue, SlowPolicy.DropOldest, [], null, Legacy: false) { Rate = int.MaxValue })]);
}

using Allotrope.Contracts;

namespace Allotrope.Arteries.Tests;

/// <summary>Manifests as short as a test wants them.</summary>
static class Zone
{
    public const string Name = "home";

    public static readonly byte[] Secret = "the o3_key of the tests"u8.ToArray();

    public static ZoneManifest Of(params IReadOnlyList<ZoneService> services) =>
        new(Name, ZoneManifest.DefaultHeartbeat, ZoneManifest.DefaultMissed, Stabilized: true, FlatlinePolicy.Zombie, "home", services);

    public static ZoneService Service(string name, string receive = "", string emit = "", int queue = 1024, bool required = false) => new(
        name, Host: null, ZoneService.DefaultPort, IntentPatterns.Split(receive), IntentPatterns.Split(emit), Backlog: false, required, queue,
        SlowPolicy.DropOldest, Ordered: [], Satellite: null, Legacy: false);
}

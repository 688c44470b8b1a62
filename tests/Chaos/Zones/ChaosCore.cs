using System.Net;
using Allotrope.Arteries;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Chaos.Zones;

/// <summary>The cores of some zones behind one listener, as a node runs them, which can be ended and begun anew.</summary>
sealed class ChaosCore(params IReadOnlyList<ZoneManifest> manifests) : IAsyncDisposable
{
    ArteryListener? _listener;

    public static byte[] Secret { get; } = "the o3_key of the storms"u8.ToArray();

    /// <summary>Where it listens; <see langword="null"/> while it is away.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    public IReadOnlyList<RunningZone> Zones { get; private set; } = [];

    public static ArteryKey KeyOf(string zone) => ArteryKey.OfZone(Secret, zone);

    public async Task StartAsync()
    {
        var directory = new ZoneDirectory();
        Zones = [.. manifests.Select(Run)];
        foreach (var zone in Zones)
            directory.Add(zone);
        _listener = await ArteryListener.OpenAsync(
            new ArteriesOptions { Port = 0 }, directory, TimeProvider.System, SystemRandom.Instance, NullLoggerFactory.Instance, CancellationToken.None);
        EndPoint = new IPEndPoint(IPAddress.Loopback, _listener.Address.Port);
    }

    /// <summary>Nobody can reach it any more, so that it ends without a word.</summary>
    public void Vanish() => EndPoint = null;

    public async Task StopAsync()
    {
        Vanish();
        foreach (var zone in Zones)
            await zone.DisposeAsync();
        if (_listener is not null)
            await _listener.DisposeAsync();
        (_listener, Zones) = (null, []);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    static RunningZone Run(ZoneManifest manifest) => new(
        manifest, () => [KeyOf(manifest.Zone)], new ZoneEvents(_ => { }), new ZoneLimits(), TimeProvider.System, SystemRandom.Instance, NullLogger.Instance);
}

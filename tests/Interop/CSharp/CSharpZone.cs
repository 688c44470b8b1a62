using System.Net;
using System.Text;
using Allotrope.Artery;
using Allotrope.Artery.Client;
using Allotrope.Contracts;

namespace Allotrope.Interop.CSharp;

/// <summary>The real core with two C# services, <c>lamp</c> and <c>switch</c>, that it dials or that dial it.</summary>
sealed class CSharpZone : IAsyncDisposable
{
    static readonly ArteryKey Key = ArteryKey.OfZone(Encoding.UTF8.GetBytes(InteropZone.Secret), InteropZone.Name);

    readonly List<ArteryService> _services = [];

    CSharpZone(InteropZone core) => Core = core;

    public InteropZone Core { get; }

    public ArteryService Lamp => _services[0];

    public ArteryService Switch => _services[1];

    /// <param name="listen">The core dials them.</param>
    /// <param name="lamp">What its options are beyond who it is.</param>
    /// <param name="prepare">Adds the lamp's handlers before it meets the core.</param>
    public static async Task<CSharpZone> StartAsync(
        bool listen = false, Func<ZoneService, ZoneService>? manifest = null, Func<ArteryServiceOptions, ArteryServiceOptions>? lamp = null,
        Action<ArteryService>? prepare = null)
    {
        var ways = new[] { "lamp", "switch" }.ToDictionary(name => name, _ => listen ? CoreWay.Listen(0, IPAddress.Loopback) : null);
        var core = await InteropZone.StartAsync([.. ways.Select(way => (manifest ?? (same => same))(InteropZone.Service(way.Key, way.Value?.Port ?? 0)))]);
        var zone = new CSharpZone(core);
        foreach (var (name, way) in ways)
        {
            var options = Options(name, way ?? CoreWay.Dial(new Uri(core.Url)));
            zone._services.Add(new ArteryService(name == "lamp" && lamp is not null ? lamp(options) : options));
        }

        prepare?.Invoke(zone.Lamp);
        foreach (var service in zone._services)
            await service.StartAsync(Soon);
        return zone;
    }

    public static ArteryServiceOptions Options(string name, CoreWay way) =>
        new() { Zone = InteropZone.Name, Service = name, Keys = [Key], Core = way };

    /// <summary>Patience for one step.</summary>
    public static CancellationToken Soon => new CancellationTokenSource(InteropZone.Patience).Token;

    /// <summary>Awaits what heartbeats bring, which there is no event for.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        for (var limit = Soon; !holds();)
            await Task.Delay(10, limit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        await Core.DisposeAsync();
    }
}

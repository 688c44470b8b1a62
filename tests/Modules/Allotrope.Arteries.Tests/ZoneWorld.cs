using Allotrope.Artery;
using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Arteries.Tests;

/// <summary>A zone's core on a clock of its own, with services connected through memory.</summary>
sealed class ZoneWorld : IAsyncDisposable
{
    readonly List<TestService> _services = [];
    readonly List<ArteryWire> _wires = [];

    public ZoneWorld(ZoneManifest manifest, ZoneEvents? events = null, ManualTime? time = null, ZoneLimits? limits = null, ILogger? log = null)
    {
        Time = time ?? new ManualTime();
        Zone = new RunningZone(
            manifest, () => Keys, events ?? new ZoneEvents(_ => { }), limits ?? new ZoneLimits(), Time, SystemRandom.Instance, log ?? NullLogger.Instance);
        Time.Advance(TimeSpan.Zero); // the first beat is due at once
    }

    public ManualTime Time { get; }

    public RunningZone Zone { get; }

    public ZoneCore Core => Zone.Core;

    public IReadOnlyList<ArteryKey> Keys { get; set; } = [ArteryKey.OfZone(Tests.Zone.Secret, Tests.Zone.Name)];

    /// <summary>A service that is connected and has had its first beat answered.</summary>
    public async Task<TestService> ConnectAsync(string name, long epoch = 1, string? user = null) =>
        await ConnectAsync(new TestService(name, Time, epoch), user);

    public async Task<TestService> ConnectAsync(TestService service, string? user = null)
    {
        await service.ConnectAsync(Wire(), user: user);
        _services.Add(service);
        await service.NextBeatAsync();
        var member = user is null ? service.Name : $"{service.Name}/{user}";
        if (service.AnswersBeats)
            await UntilAsync(() => Core.Find(member) is { Artery: not null, AwaitsReply: false, AwaitsKnown: false });
        return service;
    }

    /// <summary>A wire to the core; what is behind it must prove itself.</summary>
    public MemoryTransport Wire()
    {
        var (near, far) = MemoryTransport.CreatePair();
        _wires.Add(ArteryWire.Accept(far, hello => Zone.Judge(hello, requireSealed: false), Time, SystemRandom.Instance));
        return near;
    }

    /// <summary>Lets a heartbeat go out to every service.</summary>
    public void Beat() => Time.Advance(Core.Manifest.Heartbeat);

    /// <summary>A beat that the service has had, and the core the answer to.</summary>
    public async Task<Beat> BeatAsync(TestService service)
    {
        Beat();
        var beat = await service.NextBeatAsync();
        await UntilAsync(() => Core.Find(service.Name) is null or { Artery: null } or { AwaitsReply: false });
        return beat;
    }

    /// <summary>Awaits that the core has come to a state, looking now and then, as there is no event for each of them.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            await Task.Delay(1, limit.Token); // not a spin: the core needs the processor
        }
    }

    public ArteryStatus StatusOf(string service) => Core.Status().Arteries.Single(artery => artery.Service == service);

    public async ValueTask DisposeAsync()
    {
        await Zone.DisposeAsync();
        foreach (var service in _services)
            await service.DisposeAsync();
        foreach (var wire in _wires)
            await wire.DisposeAsync();
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Allotrope.Arteries;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Microsoft.Extensions.Logging;

namespace Allotrope.Interop;

/// <summary>The real module with one zone, on sockets and the machine's clock, watched over the bus.</summary>
sealed class InteropZone : IAsyncDisposable
{
    public const string Name = "interop";
    public const string Secret = "the secret of the interop zone";
    const string Node = "NODE";

    /// <summary>A machine with two busy cores starts a runtime in seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    // A service leaves a core that misses five beats, and a busy machine may keep one waiting for seconds
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-interop-");
    readonly InProcessLattice _lattice = new(TimeProvider.System);
    readonly List<IAsyncDisposable> _limbs = [];
    readonly LogLines _log = new();
    readonly ZoneSecrets _secrets;
    ArteriesModule? _module;
    Subscription _tail = null!;
    int _port;

    InteropZone() => _secrets = new ZoneSecrets(_folder.FullName, container: _folder.FullName);

    public static async Task<InteropZone> StartAsync(params IReadOnlyList<ZoneService> services)
    {
        var zone = new InteropZone();
        zone._secrets.Put(Name, System.Text.Encoding.UTF8.GetBytes(Secret));
        zone._tail = await zone._lattice.SubscribeAsync(Subjects.IntentTail(Name), new SubscriptionOptions(Capacity: 100_000));
        await zone.StartCoreAsync(port: 0);
        await zone.AssignAsync(new ZoneManifest(
            Name, Heartbeat, 100, Stabilized: false, FlatlinePolicy.Zombie, Name, services));
        return zone;
    }

    /// <param name="port">Where the core dials it; 0 for a service that dials the core.</param>
    public static ZoneService Service(string name, int port = 0, bool legacy = false) => new(
        name, port == 0 ? null : "127.0.0.1", port, [], [], Backlog: false, Required: false, Queue: 10_000, SlowPolicy.DropOldest, [],
        Satellite: null, legacy);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public string Url => $"ws://127.0.0.1:{_module!.Address!.Port}/artery";

    /// <summary>What a service that dials is told.</summary>
    public object Dialling(string service) => new { zone = Name, service, key = Secret, core = Url };

    public static object ListeningAt(string service, int port) =>
        new { zone = Name, service, key = Secret, listen = new { port, hostname = "127.0.0.1" } };

    /// <summary>Awaits that a service has met the core, and ends it with the zone.</summary>
    public async Task AddAsync(Limb limb)
    {
        _limbs.Add(limb);
        await limb.ReadyAsync();
    }

    public async Task SayAsync(string name, object? data) => await _lattice.RequestAsync(new Message(Subjects.IntentSend, Payload.Of(
        new IntentRecord(Name, "", name, JsonSerializer.Serialize(data), default, 0), ContractsJson.Default.IntentRecord)), Patience);

    /// <summary>The next intents that services say under a name.</summary>
    public async Task<List<(string Origin, JsonElement Data)>> HearAsync(string name, int count)
    {
        List<(string, JsonElement)> heard = [];
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (heard.Count < count)
            {
                var message = await _tail.Messages.ReadAsync(patience.Token);
                var intent = message.Payload.As(ContractsJson.Default.IntentRecord);
                if (intent.Name == name && intent.Origin != "core")
                    heard.Add((intent.Origin, JsonDocument.Parse(intent.Data).RootElement));
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"Of {count} {name} only these came: {string.Join(", ", heard)}", late);
        }
        return heard;
    }

    /// <summary>The core ends and another starts at the same address; completes when these services have met it.</summary>
    public async Task RestartCoreAsync(IEnumerable<string> services)
    {
        await StopCoreAsync();
        await ResumeCoreAsync(services);
    }

    /// <summary>Stops the core, when nothing waits in it: what does is lost with it, and counted.</summary>
    public async Task StopCoreAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await ArteriesAsync()).Any(artery => artery.Waiting > 0))
            await Task.Delay(20, patience.Token);
        _port = _module!.Address!.Port;
        await _module.DisposeAsync();
        _module = null;
    }

    /// <summary>Another core starts where the last was; completes when these services have met it.</summary>
    public async Task ResumeCoreAsync(IEnumerable<string> services)
    {
        await StartCoreAsync(_port);
        using var patience = new CancellationTokenSource(Patience);
        foreach (var service in services)
            while (await FindStatusAsync(service) is not { Connection: "open" })
                await Task.Delay(20, patience.Token);
    }

    /// <summary>Awaits a line in the core's log.</summary>
    public Task<string> LoggedAsync(LogLevel level, string part) => _log.FindAsync(level, part).WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        foreach (var limb in _limbs)
            await limb.DisposeAsync();
        if (_module is not null)
            await _module.DisposeAsync();
        await _tail.DisposeAsync();
        await _lattice.DisposeAsync();
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    async Task StartCoreAsync(int port) => _module = await ArteriesModule.StartAsync(
        _lattice, Node, new ArteriesOptions { Port = port }, _secrets, TimeProvider.System, SystemRandom.Instance, _log);

    async Task<ArteryStatus?> FindStatusAsync(string service) => (await ArteriesAsync()).SingleOrDefault(artery => artery.Service == service);

    async Task<IEnumerable<ArteryStatus>> ArteriesAsync()
    {
        var reply = await _lattice.RequestAsync(new Message(Subjects.ZoneStatus), Patience);
        return reply.Payload.As(ContractsJson.Default.ZoneStatusList).Zones.SelectMany(zone => zone.Arteries);
    }

    async Task AssignAsync(ZoneManifest manifest)
    {
        var assignments = await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
        var status = await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        await using var watch = await status.WatchAsync();
        var assignment = new Assignment(
            Node, "home-zone", "home", "zone", 1, ComponentKind.Zone, "", null, "default", 1, ComponentLimits.Default,
            new Dictionary<string, string>(), [], [], manifest);
        await assignments.PutAsync($"{Node}.home-zone", Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes());
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var one in watch.ReadAllAsync(patience.Token))
            if (one is WatchEvent.Put { Entry: var entry }
                && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is { State: not WorkloadState.Starting } told)
            {
                Assert.True(told.State == WorkloadState.Running, told.Message);
                return;
            }
    }
}

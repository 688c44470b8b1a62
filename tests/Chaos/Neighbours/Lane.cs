using System.Diagnostics;
using Allotrope.Artery;
using Allotrope.Chaos.Proxies;
using Allotrope.Chaos.Zones;
using Allotrope.Contracts;

namespace Allotrope.Chaos.Neighbours;

/// <summary>One speaker, nine who listen, and a victim behind a proxy to whom things happen, all of one zone over real sockets.</summary>
sealed class Lane : IAsyncDisposable
{
    public const string Zone = "lane";
    public const string Victim = "victim";

    const int Listeners = 9;
    const int IntentsARound = 500;
    const int VictimQueue = 64;

    static readonly byte[] Small = Data(16);

    // Of these a few hundred fill every buffer on the way to who does not read
    static readonly byte[] Large = Data(16 * 1024);

    readonly ChaosCore _core = new(new ZoneManifest(
        Zone, TimeSpan.FromSeconds(1), Missed: 1000, Stabilized: true, FlatlinePolicy.Zombie, Zone,
        [Service("speaker"), Service(Victim) with { Queue = VictimQueue }, .. Names.Select(Service)]));

    readonly List<Ear> _ears = [];
    readonly long[] _times = new long[IntentsARound];
    TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Ear _speaker = null!;
    int _awaited;

    public ChaosProxy Proxy { get; private set; } = null!;

    public Ear VictimEar { get; private set; } = null!;

    public ZoneStatus Status => _core.Zones[0].Core.Status();

    public ArteryStatus VictimStatus => Status.Arteries.Single(artery => artery.Service == Victim);

    /// <summary>Intents that have been said since the beginning.</summary>
    public long Said => _speaker.Said;

    static IEnumerable<string> Names => Enumerable.Range(1, Listeners).Select(number => $"listener{number}");

    public static async Task<Lane> OpenAsync()
    {
        var lane = new Lane();
        await lane._core.StartAsync();
        lane.Proxy = new ChaosProxy(() => lane._core.EndPoint);
        lane._speaker = new Ear("speaker", lane.Core);
        lane._ears.AddRange(Names.Select(name => new Ear(name, lane.Core) { Heard = _ => lane.Hear() }));
        foreach (var ear in lane._ears.Prepend(lane._speaker))
            await ear.ConnectAsync();
        await lane.ConnectVictimAsync();
        for (var i = 0; i < 3; i++)
            await lane.MeasureAsync(); // compiles the hot paths
        return lane;
    }

    public async Task ConnectVictimAsync()
    {
        VictimEar = new Ear(Victim, new Uri($"ws://127.0.0.1:{Proxy.Port}/artery"));
        await VictimEar.ConnectAsync();
    }

    /// <summary>The time within which 99 of 100 intents are with all nine, each said when the one before has arrived.</summary>
    /// <param name="meanwhile">Called before each intent.</param>
    public async Task<TimeSpan> MeasureAsync(Action<int>? meanwhile = null)
    {
        for (var i = 0; i < IntentsARound; i++)
        {
            meanwhile?.Invoke(i);
            _times[i] = await SayAsync(Small);
        }

        Array.Sort(_times);
        return Stopwatch.GetElapsedTime(0, _times[IntentsARound * 99 / 100]);
    }

    /// <summary>Says large intents until the queue for the victim, who does not read, is full and drops.</summary>
    public async Task FillAsync()
    {
        var missed = VictimStatus.Missed;
        for (var i = 0; VictimStatus.Missed == missed; i++)
        {
            Assert.True(i < 10_000, "Nothing is ever dropped for who does not read.");
            await SayAsync(Large);
        }
    }

    /// <summary>Waits until the victim has read what waits for it.</summary>
    public async Task DrainAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (VictimStatus.Waiting > 0)
            await Task.Delay(10, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Proxy.Cut();
        await VictimEar.DisposeAsync();
        await _speaker.DisposeAsync();
        foreach (var ear in _ears)
            await ear.DisposeAsync();
        await _core.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    Uri Core => new($"ws://{_core.EndPoint}/artery");

    async Task<long> SayAsync(byte[] data)
    {
        _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _awaited, Listeners);
        var said = _speaker.Say(data);
        await _all.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return Stopwatch.GetTimestamp() - said;
    }

    void Hear()
    {
        if (Interlocked.Decrement(ref _awaited) == 0)
            _all.SetResult();
    }

    public static ZoneService Service(string name) => new(
        name, null, 0, [], [], Backlog: false, Required: false, ZoneService.DefaultQueue, SlowPolicy.DropOldest, [], null, Legacy: false);

    static byte[] Data(int bytes)
    {
        using var output = new FrameBuffer();
        new CborWriter(output).Bytes(new byte[bytes]);
        return output.WrittenSpan.ToArray();
    }
}

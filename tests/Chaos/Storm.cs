using System.Collections.Concurrent;
using System.Diagnostics;
using Allotrope.Chaos.Proxies;
using Allotrope.Chaos.Services;
using Allotrope.Chaos.Zones;
using Allotrope.Contracts;

namespace Allotrope.Chaos;

/// <summary>Twenty services in two zones of one core that talk all the time while what a seed says happens to them and to the core.</summary>
sealed class Storm : IAsyncDisposable
{
    // Two zones with services of the same names; a few of each kind of queue, list and way to meet
    static readonly ServicePlan[] Plans =
    [
        .. Enumerable.Range(1, 14).Select(number => new ServicePlan("alpha", $"s{number}", $"TOPIC.{number % 3}")
        {
            CoreDials = number is 2 or 3,
            Receive = number is 4 or 5 ? "TOPIC.1" : "",
            Backlog = number is 6 or 7,
            CoreQueue = number is 8 or 9 ? 64 : 4096,
            OwnQueue = number is 10 ? 16 : 1024,
            Slow = number is 9 ? SlowPolicy.Sever : SlowPolicy.DropOldest,
        }),
        .. Enumerable.Range(1, 6).Select(number => new ServicePlan("beta", $"s{number}", $"TOPIC.{number % 3}")
        {
            CoreDials = number is 1,
            Slow = SlowPolicy.Coalesce,
            CoreQueue = number is 2 ? 64 : 4096,
        }),
    ];

    static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>A machine that is busy with other things is slow to settle, and one that never does has a defect.</summary>
    static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(60);

    readonly Random _random;
    readonly List<ChaosService> _services = [];
    readonly CancellationTokenSource _end = new();
    readonly ConcurrentQueue<string> _happened = [];
    readonly List<(string What, Task Task)> _under = [];
    readonly long _started = Stopwatch.GetTimestamp();
    ChaosCore? _core;
    int _cores = 1;
    int _coreIsEnding;

    public Storm(int seed) => _random = new Random(seed);

    /// <summary>What happened, in order, with milliseconds since the beginning.</summary>
    public IEnumerable<string> Happened => _happened;

    public IReadOnlyList<ChaosService> Services => _services;

    /// <summary>Starts everything and waits until every service has met the core.</summary>
    public async Task BeginAsync()
    {
        foreach (var plan in Plans)
            _services.Add(await ChaosService.CreateAsync(plan, () => _core));
        _core = new ChaosCore([.. _services.GroupBy(service => service.Plan.Zone).Select(zone => new ZoneManifest(
            zone.Key, Heartbeat, ZoneManifest.DefaultMissed, Stabilized: true, FlatlinePolicy.Zombie, zone.Key, [.. zone.Select(service => service.Manifest)]))]);
        await _core.StartAsync();
        await Task.WhenAll(_services.Select(service => service.BeginAsync([], _cores)));
        foreach (var service in _services)
            service.Life.Meet(_services.Select(other => other.Life));

        // Who has heard of others can tell the next core so
        using var limit = new CancellationTokenSource(SettleTime);
        while (_services.Exists(service => service.Life.AllHeard.Count == 0))
        {
            foreach (var service in _services)
                service.Say(1);
            await Task.Delay(Pace, limit.Token);
        }
    }

    /// <summary>Lets it rage for a time, with a crash of the core in the middle of it, and then calms everything.</summary>
    public async Task RageAsync(TimeSpan time)
    {
        var speaking = _services.ConvertAll(service => SpeakAsync(service, _random.Next()));
        var crash = time / 2;
        while (Stopwatch.GetElapsedTime(_started) is var now && now < time)
        {
            await Task.Delay(_random.Next(20, 150));
            if (now < crash)
            {
                Happen();
                continue;
            }

            crash = TimeSpan.MaxValue;
            Happen("core crashes", EndCoreAsync(crashes: true, _random.Next(300)));
        }

        await EndAsync();
        await _end.CancelAsync();
        await Task.WhenAll(speaking);
        Note("calm");
    }

    /// <summary>Waits until nothing remains to be told, or for too long.</summary>
    /// <returns>What is wrong.</returns>
    public async Task<IReadOnlyList<string>> SettleAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var wrongs = Books.Check(_services, _cores);
            if (wrongs.Count == 0 || Stopwatch.GetElapsedTime(started) > SettleTime)
                return wrongs;
            await Task.Delay(Heartbeat);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_services.Select(service => service.DisposeAsync().AsTask()));
        if (_core is not null)
            await _core.DisposeAsync();
        _end.Dispose();
    }

    void Happen()
    {
        var service = _services[_random.Next(_services.Count)];
        var (chance, millis) = (_random.Next(100), _random.Next(50, 1200));
        switch (chance)
        {
            case < 35:
                Note($"{service.Name} is cut");
                service.Proxy.Cut();
                break;
            case < 60: Happen($"{service.Name} stalls {millis} ms", WeatherAsync(service, Weather.Stalled, millis)); break;
            case < 75: Happen($"{service.Name} is partitioned {millis} ms", WeatherAsync(service, Weather.Dropping, millis)); break;
            case < 95: Happen($"{service.Name} is killed", KillAsync(service)); break;
            case < 98: Happen("core stops", EndCoreAsync(crashes: false, millis)); break;
            default: Happen("core crashes", EndCoreAsync(crashes: true, millis)); break;
        }
    }

    void Happen(string what, Task task)
    {
        Note(what);
        _under.Add((what, task));
    }

    /// <summary>Everything that has happened comes to an end.</summary>
    async Task EndAsync()
    {
        try
        {
            await Task.WhenAll(_under.Select(one => one.Task)).WaitAsync(SettleTime);
        }
        catch (TimeoutException)
        {
            var endless = _under.Where(one => !one.Task.IsCompleted).Select(one => one.What);
            Assert.Fail($"It does not end that {string.Join(", ", endless)}:\n{string.Join('\n', _happened)}\n{string.Join('\n', Describe())}");
        }
    }

    IEnumerable<string> Describe()
    {
        var arteries = _core!.Zones.SelectMany(zone => zone.Core.Status().Arteries.Select(artery => ($"{zone.Core.Manifest.Zone}/{artery.Service}", artery))).ToDictionary();
        foreach (var service in _services)
            yield return $"{service.Name} is {(service.Life.IsConnected ? "connected" : "away")}; to the core {arteries.GetValueOrDefault(service.Name)};"
                + string.Concat(service.Life.Lines.TakeLast(5).Select(line => $"\n    {line}"));
    }

    void Note(string what) => _happened.Enqueue($"{Stopwatch.GetElapsedTime(_started).TotalMilliseconds,6:0} {what}");

    async Task SpeakAsync(ChaosService service, int seed)
    {
        var random = new Random(seed);
        using var pace = new PeriodicTimer(Pace);
        while (!_end.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            service.Say(random.Next(4));
        }
    }

    async Task WeatherAsync(ChaosService service, Weather weather, int millis)
    {
        using var turn = service.TakeTurn();
        if (turn is null)
            return;
        service.Proxy.Weather = weather;
        await Task.Delay(millis);
        service.Proxy.Weather = Weather.Calm;
    }

    async Task KillAsync(ChaosService service)
    {
        using var turn = service.TakeTurn();
        if (turn is null)
            return;
        await service.KillAsync();
        // What had met the core before this life says anything is to account for all of it
        await service.BeginAsync(_services, _cores);
    }

    async Task EndCoreAsync(bool crashes, int millis)
    {
        if (Interlocked.Exchange(ref _coreIsEnding, 1) == 1)
            return;
        if (crashes)
        {
            _core!.Vanish();
            foreach (var service in _services)
                service.Proxy.Cut();
        }

        await _core!.StopAsync();
        await Task.Delay(millis);
        _cores++;
        await _core.StartAsync();
        Note("core is back");
        _coreIsEnding = 0;
    }
}

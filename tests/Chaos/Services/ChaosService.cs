using Allotrope.Artery.Client;
using Allotrope.Chaos.Proxies;
using Allotrope.Chaos.Zones;
using Allotrope.Contracts;

namespace Allotrope.Chaos.Services;

/// <summary>One service of a storm through all its lives, behind a proxy of its own.</summary>
sealed class ChaosService : IAsyncDisposable
{
    readonly ServicePlan _plan;
    readonly Door? _door;
    readonly ChaosProxy _proxy;
    readonly List<Life> _lives = [];
    readonly SemaphoreSlim _turn = new(1);
    readonly Lock _gate = new();
    bool _isAlive;

    ChaosService(ServicePlan plan, Door? door, ChaosProxy proxy) => (_plan, _door, _proxy) = (plan, door, proxy);

    public ServicePlan Plan => _plan;

    public ChaosProxy Proxy => _proxy;

    /// <summary>All its lives, the present one last.</summary>
    public IReadOnlyList<Life> Lives => _lives;

    public Life Life => _lives[^1];

    public string Name => $"{_plan.Zone}/{_plan.Name}";

    /// <summary>What the zone's manifest says of it.</summary>
    public ZoneService Manifest => new(
        _plan.Name, _door is null ? null : "127.0.0.1", _proxy.Port, IntentPatterns.Split(_plan.Receive), [], _plan.Backlog, Required: false, _plan.CoreQueue,
        _plan.Slow, Ordered: [], Satellite: null, Legacy: false);

    public static async Task<ChaosService> CreateAsync(ServicePlan plan, Func<ChaosCore?> core)
    {
        var door = plan.CoreDials ? await Door.OpenAsync() : null;
        return new ChaosService(plan, door, new ChaosProxy(() => door is null ? core()?.EndPoint : door.EndPoint));
    }

    /// <summary>Begins a life. It has met the core when this returns, but may speak before.</summary>
    /// <param name="others">Those of them that have met the core are told of it as younger.</param>
    /// <param name="core">Which core of the zone it is, from 1.</param>
    public async Task BeginAsync(IEnumerable<ChaosService> others, int core)
    {
        var way = _door?.Way ?? CoreWay.Dial(new Uri($"ws://127.0.0.1:{_proxy.Port}/artery"));
        var life = new Life(_plan, way, core);
        foreach (var elder in others.Where(other => other != this).Select(other => other.Life))
            elder.Welcome(life);
        _lives.Add(life);
        lock (_gate)
            _isAlive = true;
        await life.StartAsync();
        life.Meet(others.Select(other => other.Life));
    }

    public void Say(int count)
    {
        lock (_gate)
            for (; _isAlive && count > 0; count--)
                Life.Say();
    }

    /// <summary>As kill -9 does: nothing is said, every connection is reset.</summary>
    public async Task KillAsync()
    {
        lock (_gate)
            _isAlive = false;
        _proxy.Weather = Weather.Dropping;
        await Life.DisposeAsync();
        _proxy.Cut();
        _proxy.Weather = Weather.Calm;
    }

    /// <summary>One thing at a time happens to a service.</summary>
    /// <returns><see langword="null"/> while another does; disposed when it is over.</returns>
    public IDisposable? TakeTurn() => _turn.Wait(0) ? new Turn(_turn) : null;

    public async ValueTask DisposeAsync()
    {
        await Life.DisposeAsync();
        if (_door is not null)
            await _door.DisposeAsync();
        await _proxy.DisposeAsync();
        _turn.Dispose();
    }

    sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

using Allotrope.Artery;
using Allotrope.Artery.Client;
using Allotrope.Chaos.Zones;

namespace Allotrope.Chaos.Services;

/// <summary>
/// A service's process from its start to its end: says numbered intents, and keeps a list of what it hears and of what must not be.
/// </summary>
sealed class Life : IAsyncDisposable
{
    readonly ArteryService _service;
    readonly ServicePlan _plan;
    readonly TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _gate = new();
    readonly Dictionary<Origin, Heard> _heard = [];
    readonly HashSet<(long Epoch, long Sequence)> _ofCore = [];
    readonly List<string> _wrongs = [];
    readonly List<string> _lines = [];
    readonly HashSet<Life> _younger = [];
    readonly Dictionary<Life, long> _elder = [];
    bool _hasMet;
    long _built;

    /// <param name="core">The zone's core as it begins.</param>
    public Life(ServicePlan plan, CoreWay way, int core)
    {
        (_plan, Core) = (plan, core);
        _service = new ArteryService(new()
        {
            Zone = plan.Zone,
            Service = plan.Name,
            Keys = [ChaosCore.KeyOf(plan.Zone)],
            Core = way,
            Queue = new QueueLimits { Count = plan.OwnQueue },
            Log = Log,
        });
        _service.On("*", Hear, ordered: true);
    }

    public int Core { get; }

    public Origin Origin => new(_plan.Name, _service.Epoch);

    public bool IsConnected => _service.IsConnected;

    /// <summary>Intents it has built.</summary>
    public long Built => Interlocked.Read(ref _built);

    /// <summary>What the client counted of each life of each origin.</summary>
    public IReadOnlyList<Gap> Gaps => _service.Gaps;

    public IReadOnlyList<string> Wrongs
    {
        get
        {
            lock (_gate)
                return [.. _wrongs];
        }
    }

    /// <summary>What happened to its arteries, for a failure's message.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <returns>When the core has taken it in and has asked it what it knows.</returns>
    public async Task StartAsync()
    {
        await _service.StartAsync();
        await _beat.Task;
    }

    public void Say() => _service.Send(_plan.Intent, ArteryData.List(_plan.Zone, _plan.Name, Interlocked.Increment(ref _built)));

    /// <summary>It has met the core: of the others it is to account for all that they say from now on.</summary>
    public void Meet(IEnumerable<Life> others)
    {
        lock (_gate)
        {
            _hasMet = true;
            foreach (var other in others.Where(other => !_younger.Contains(other)))
                _elder[other] = other.Built;
        }
    }

    /// <summary>Another begins, and has not said anything yet.</summary>
    public void Welcome(Life younger)
    {
        lock (_gate)
            if (_hasMet)
                _younger.Add(younger);
    }

    /// <summary>How many of another's intents it is to account for at least, and whether it is exactly so many.</summary>
    public (long Count, bool IsExact) Owes(Life origin)
    {
        lock (_gate)
            return _younger.Contains(origin) ? (origin.Built, true)
                : _elder.TryGetValue(origin, out var before) ? (origin.Built - before, before == 0) : (0, false);
    }

    /// <summary>What came to a handler, by life of an origin.</summary>
    public IReadOnlyDictionary<Origin, Heard> AllHeard
    {
        get
        {
            lock (_gate)
                return new Dictionary<Origin, Heard>(_heard);
        }
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    void Hear(ReceivedIntent intent)
    {
        if (intent.Name == "HEARTBEAT")
        {
            _beat.TrySetResult();
            return;
        }

        lock (_gate)
        {
            if (intent.Origin.Name == "core")
            {
                // Its intents have several names, whose handlers overlap
                if (!_ofCore.Add((intent.Origin.Epoch, intent.Sequence)))
                    _wrongs.Add($"{intent.Origin} {intent.Sequence} came twice");
                return;
            }

            var before = _heard.GetValueOrDefault(intent.Origin);
            if (intent.Sequence <= before.Last)
                _wrongs.Add($"{intent.Origin} {intent.Sequence} came after {before.Last}");
            _heard[intent.Origin] = new Heard(before.Count + 1, intent.Sequence);
            if (intent.Origin.Name == _plan.Name)
                _wrongs.Add($"{intent.Sequence} came back to its own origin");
            if (intent.Data.ToList() is not [var zone, var origin, var number]
                || zone.ToText() != _plan.Zone || origin.ToText() != intent.Origin.Name || number.ToInt64() != intent.Sequence)
                _wrongs.Add($"{intent.Origin} {intent.Sequence} in {_plan.Zone} says that it is {intent.Data}");
        }
    }

    void Log(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            if (line.Contains("received, not processed", StringComparison.Ordinal))
                _wrongs.Add(line);
        }
    }
}

/// <summary>What has come of one life of an origin.</summary>
readonly record struct Heard(long Count, long Last);

using Allotrope.Actors.Native;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// The watch over one thread that runs guests: the thread begins and ends runs, the <see cref="GuestMonitor"/> looks at the one under way. Both
/// sides take the run's lock, so that an interrupt never reaches the call after the one it was meant for.
/// </summary>
sealed class GuestRun
{
    /// <summary>What a profile calls the time in which a guest waits for its host.</summary>
    const string Waiting = "(waiting for the host)";

    [ThreadStatic]
    static GuestRun? _ofThisThread;

    readonly Lock _gate = new();
    readonly GuestMonitor _monitor;
    readonly Thread _thread = System.Threading.Thread.CurrentThread;
    readonly int _clock = NativeThread.CurrentClock();
    readonly Action _stepAside;
    readonly Action? _stepBack;
    bool _active, _waiting, _long, _blocked;
    StopReason _stop;
    long _deadline;
    TimeBudget? _time;
    CancellationToken _cancellation;
    Store? _store;
    Store[] _others = [];
    GuestProfile? _profile;
    TimeSpan? _processorTimeAtFirstSight;

    /// <summary>Made by the thread it watches.</summary>
    /// <param name="stepAside">Called once by the monitor when a run turns out long; must be short and take no run's lock.</param>
    /// <param name="stepBack">Called at the end of such a run.</param>
    public GuestRun(GuestMonitor monitor, Action stepAside, Action? stepBack = null)
    {
        (_monitor, _stepAside, _stepBack) = (monitor, stepAside, stepBack);
        monitor.Add(this);
    }

    /// <summary>The guest thread this watches; <see langword="null"/> for a thread that belongs to somebody else.</summary>
    public GuestThread? Thread { get; init; }

    /// <summary>The run that began last on the calling thread, or <see langword="null"/> when it has not run a guest yet.</summary>
    public static GuestRun? Current => _ofThisThread;

    /// <summary>Whether a guest is running on the thread. To be asked by the thread itself.</summary>
    public bool Active => _active;

    /// <summary>False once the thread is gone, and this with it.</summary>
    public bool Alive => _thread.IsAlive;

    /// <summary>When the run's time is over, on the monitor's clock.</summary>
    public long Deadline => _time?.Deadline ?? _deadline;

    public CancellationToken Cancellation => _cancellation;

    public void Begin(long deadline, CancellationToken cancellation) => Begin(deadline, null, default, cancellation);

    /// <summary>Begins a stretch of a call that has run before, or may have.</summary>
    public void Begin(TimeBudget time, RunEnd before, CancellationToken cancellation) => Begin(0, time, before, cancellation);

    /// <summary>The guest that runs on the thread.</summary>
    public GuestInstance? Guest { get; private set; }

    /// <summary>Names the guest that runs from now on, whose store an interrupt stops.</summary>
    public void Attach(GuestInstance guest, Store store)
    {
        Guest = guest;
        lock (_gate)
        {
            (_store, _profile) = (store, guest.Profile);
            if (_stop != StopReason.None)
                store.Interrupt();
        }
    }

    /// <summary>The stores of the components that run from now on, one within a call of the other.</summary>
    public void Attach(Store[] stores)
    {
        lock (_gate)
        {
            _others = stores;
            if (_stop != StopReason.None)
                Interrupt();
        }
    }

    /// <summary>The guest waits for its host from now on and uses no processor: another thread may run in its place.</summary>
    public void BeginWait()
    {
        lock (_gate)
            (_waiting, _blocked) = (true, true);
        Thread?.Leave();
    }

    public void EndWait()
    {
        Thread?.Return();
        lock (_gate)
            _waiting = false;
    }

    /// <summary>No interrupt comes after this. Ending again tells the same once more.</summary>
    public RunEnd End()
    {
        lock (_gate)
        {
            if (_active && _long)
                _stepBack?.Invoke();
            (_active, _store, _others, _profile, _time, Guest) = (false, null, [], null, null, null);
            return new RunEnd(_stop, _long, _blocked);
        }
    }

    /// <summary>The monitor's look; true while a guest runs here.</summary>
    public bool Inspect(long now)
    {
        if (!Volatile.Read(ref _active))
            return false;
        lock (_gate)
        {
            if (!_active)
                return false;
            var late = now >= Deadline;
            if (_stop == StopReason.None && (late || _cancellation.IsCancellationRequested))
            {
                _stop = late ? StopReason.Time : StopReason.Cancelled;
                Interrupt();
            }
            if (_profile is { } profile && _waiting)
                profile.Add(Waiting);
            else if (_profile is not null)
                _store?.Sample(_profile);
            if (!_long && !_waiting && HasRunLong())
            {
                _long = true;
                _stepAside();
            }
            return true;
        }
    }

    void Begin(long deadline, TimeBudget? time, RunEnd before, CancellationToken cancellation)
    {
        _ofThisThread = this;
        lock (_gate)
        {
            (_active, _waiting, _time) = (true, false, time);
            (_stop, _long, _blocked) = before;
            (_deadline, _cancellation, _processorTimeAtFirstSight) = (deadline, cancellation, null);
        }
        _monitor.Wake();
    }

    void Interrupt()
    {
        _store?.Interrupt();
        foreach (var store in _others)
            store.Interrupt();
    }

    // Processor time, not time on the clock: on a busy machine a short call may take long without being at fault.
    bool HasRunLong()
    {
        var used = NativeThread.ProcessorTime(_clock);
        _processorTimeAtFirstSight ??= used;
        return used - _processorTimeAtFirstSight >= ActorLimits.LongRun;
    }
}

using System.Collections.Immutable;

namespace Allotrope.Actors;

/// <summary>
/// One thread that looks about once a millisecond at every guest that runs and every call that waits: it interrupts what is beyond its time
/// and moves what runs long out of the way of others. While nothing runs it sleeps.
/// </summary>
sealed class GuestMonitor : IDisposable
{
    /// <summary>Ticks without anything to watch before the monitor sleeps: waking it costs a caller some microseconds.</summary>
    const int QuietTicks = 200;

    /// <summary>Looks between two sweeps for threads that have ended.</summary>
    const int SweepTicks = 1000;

    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    readonly TimeProvider _time;
    readonly ManualResetEventSlim _wake = new(initialState: false, spinCount: 0);
    readonly Thread _thread;
    ImmutableArray<GuestRun> _runs = [];
    ImmutableArray<IWaitingRoom> _rooms = [];
    volatile bool _asleep, _stopped;

    public GuestMonitor(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Watch) { IsBackground = true, Name = "guest monitor" };
        _thread.Start();
    }

    /// <summary>It has had nothing to watch for a while, and waits until it is told of something.</summary>
    public bool IsAsleep => _asleep;

    /// <summary>The clock that deadlines are on.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>The point on the clock <paramref name="span"/> from now.</summary>
    public long After(TimeSpan span) => Now + (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <summary>How long it is until <paramref name="deadline"/>; zero when it has passed.</summary>
    public TimeSpan Until(long deadline)
    {
        var now = Now;
        return deadline > now ? _time.GetElapsedTime(now, deadline) : TimeSpan.Zero;
    }

    public TimeSpan Since(long start) => _time.GetElapsedTime(start);

    public void Add(GuestRun run) => ImmutableInterlocked.Update(ref _runs, static (runs, added) => runs.Add(added), run);

    public void Add(IWaitingRoom room) => ImmutableInterlocked.Update(ref _rooms, static (rooms, added) => rooms.Add(added), room);

    public void Remove(IWaitingRoom room) => ImmutableInterlocked.Update(ref _rooms, static (rooms, gone) => rooms.Remove(gone), room);

    /// <summary>To be called after something to watch has begun.</summary>
    public void Wake()
    {
        // The run was marked active under a lock, a full fence, before this reads; Watch sets the flag before it looks at the runs once more.
        // So one of the two sees the other.
        if (_asleep)
            _wake.Set();
    }

    /// <summary>Stops watching. Nothing may run any more.</summary>
    public void Dispose()
    {
        _stopped = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    void Watch()
    {
        for (int quiet = 0, tick = 0; !_stopped; tick++)
        {
            quiet = Look() ? 0 : quiet + 1;
            if (tick % SweepTicks == 0)
                ImmutableInterlocked.Update(ref _runs, static runs => runs.RemoveAll(run => !run.Alive));
            if (quiet < QuietTicks)
            {
                if (_wake.Wait(Tick))
                    _wake.Reset(); // by one who found this asleep and told so when it was up: left as it is, there would be no rest any more
                continue;
            }
            _wake.Reset();
            _asleep = true;
            Interlocked.MemoryBarrier();
            if (!Look() && !_stopped)
                _wake.Wait();
            _asleep = false;
            _wake.Reset();
            quiet = 0;
        }
    }

    bool Look()
    {
        var now = Now;
        var anything = false;
        foreach (var run in _runs)
            anything |= run.Inspect(now);
        foreach (var room in _rooms)
            anything |= room.Expire(now);
        return anything;
    }
}

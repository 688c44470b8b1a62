using System.Diagnostics.CodeAnalysis;
using Allotrope.Actors.Native;

namespace Allotrope.Actors;

/// <summary>A thread that runs one guest at a time, belongs to a lane, and changes to the slow lane when a call turns out long.</summary>
[SuppressMessage("Design", "CA1001", Justification = "a semaphore whose wait handle is never asked for holds nothing")]
sealed class GuestThread(GuestThreads threads, GuestLane lane)
{
    readonly SemaphoreSlim _wake = new(0);
    GuestLane _lane = lane;
    int _id;

    /// <summary>What to do next. Written by a lane before it wakes the thread; <see langword="null"/> sends the thread home.</summary>
    public GuestWork? Work { get; set; }

    public void Start() =>
        new Thread(Loop, ActorLimits.ThreadStackBytes) { IsBackground = true, Name = "guest" }.Start();

    public void Wake() => _wake.Release();

    /// <summary>Gives up its place in the lane while its guest waits for the host.</summary>
    public void Leave() => _lane.Leave(Work!);

    public void Return() => _lane.Enter(Work!);

    /// <summary>True when the thread's work belongs to the slow lane, which has it from now on; nothing to a thread of that lane.</summary>
    public bool TryDefer()
    {
        if (_lane == threads.Slow)
            return false;
        threads.Slow.Start(Work!);
        return true;
    }

    void Loop()
    {
        _id = NativeThread.CurrentId;
        _lane.Adopt(_id);
        var run = new GuestRun(threads.Monitor, StepAside) { Thread = this };
        while (Work is { } work)
        {
            work.Execute(run);
            Work = _lane.Next(this) ?? AwaitWork();
        }
        threads.Ended();
    }

    GuestWork? AwaitWork()
    {
        if (!_wake.Wait(ActorLimits.IdleThread))
        {
            if (_lane.Forget(this))
                return null;
            _wake.Wait(); // a lane has just chosen this thread and is about to wake it
        }
        return Work;
    }

    // Called by the monitor under the run's lock: this thread stays inside its call meanwhile, so nobody else touches the lane.
    void StepAside()
    {
        if (_lane == threads.Slow)
            return;
        var (left, work) = (_lane, Work!);
        work.TurnLong();
        _lane = threads.Slow;
        _lane.Enter(work);
        _lane.Adopt(_id);
        left.Leave(work);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Allotrope.Actors.Native;

namespace Allotrope.Actors;

/// <summary>
/// Threads of one priority that take work from one queue. A thread counts against the lane's limit while its guest runs, not while it waits
/// for the host.
/// </summary>
/// <param name="limit">How many threads run at once before work waits.</param>
/// <param name="ofOne">How many of them run work of one owner; with <paramref name="limit"/>, nobody counts.</param>
/// <param name="nice">The nice value of its threads, 0 for that of the process.</param>
sealed class GuestLane(GuestThreads threads, int limit, int ofOne, int nice) : IWaitingRoom
{
    readonly Lock _gate = new();
    readonly List<GuestWork> _ready = []; // the first one has waited longest
    readonly List<GuestThread> _idle = []; // the last one is taken first: its stack is still in the cache
    readonly Dictionary<object, int> _shares = []; // threads that run now, by the owners of their work
    int _running;
    bool _closed;

    /// <summary>Threads whose guests run now.</summary>
    public int Running => Volatile.Read(ref _running);

    public void Start(GuestWork work)
    {
        GuestThread? thread = null;
        var isNew = false;
        lock (_gate)
        {
            // What waits already waits for its own owner's threads, or for any: there is none to be had but for this.
            if (!HasRoomFor(work) || !TryTakeThread(work, out thread, out isNew))
                _ready.Add(work);
        }
        if (thread is not null)
            Resume(thread, isNew);
        else
            threads.Monitor.Wake(); // all threads may be idle in the other lane, which is nothing to watch
    }

    /// <summary>What <paramref name="thread"/> is to do next; <see langword="null"/> when it is idle from now on.</summary>
    public GuestWork? Next(GuestThread thread)
    {
        lock (_gate)
        {
            Count(thread.Work!, -1);
            if (TryTakeWork(out var work))
            {
                Count(work, +1);
                return work;
            }
            if (_closed)
            {
                thread.Work = null;
                thread.Wake();
            }
            else
                _idle.Add(thread);
            return null;
        }
    }

    /// <summary>A thread of the lane that does <paramref name="work"/> no longer counts; another one may start in its place.</summary>
    public void Leave(GuestWork work)
    {
        lock (_gate)
            Count(work, -1);
        StartNext();
    }

    /// <summary>A thread counts again, even beyond the limit: it is running already.</summary>
    public void Enter(GuestWork work)
    {
        lock (_gate)
            Count(work, +1);
    }

    /// <summary>Takes an idle thread out of the lane; false when it has just been given work.</summary>
    public bool Forget(GuestThread thread)
    {
        lock (_gate)
            return _idle.Remove(thread);
    }

    /// <summary>Gives a thread this lane's priority. Failing costs fairness, not correctness.</summary>
    public void Adopt(int threadId)
    {
        if (nice != 0)
            NativeThread.Lower(threadId, nice);
    }

    public bool Expire(long now)
    {
        if (_ready.Count == 0) // without the lock: work that is just being added is seen a millisecond later
            return false;
        List<(GuestWork Work, bool HasShare)>? over = null;
        lock (_gate)
        {
            var left = 0;
            for (var at = 0; at < _ready.Count; at++)
            {
                var work = _ready[at];
                if (work.IsOver(now))
                    (over ??= []).Add((work, HasShare(work)));
                else
                    _ready[left++] = work;
            }
            _ready.RemoveRange(left, _ready.Count - left);
        }
        foreach (var (work, hasShare) in over ?? [])
            work.GiveUp(hasShare);
        // There may have been too many threads when it came, and none of this lane that would look.
        if (!StartNext())
            threads.MakeRoom(this);
        return true;
    }

    /// <summary>Sends a thread home that is idle, if there is one: that which has been so for longest.</summary>
    public void Dismiss()
    {
        lock (_gate)
        {
            if (_idle.Count == 0)
                return;
            _idle[0].Work = null;
            _idle[0].Wake();
            _idle.RemoveAt(0);
        }
    }

    /// <summary>Sends idle threads home, and every other one when its work is done.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var thread in _idle)
            {
                thread.Work = null;
                thread.Wake();
            }
            _idle.Clear();
        }
    }

    /// <summary>Starts the first that may run, if there is one; false when there was no thread for it.</summary>
    bool StartNext()
    {
        GuestThread? thread;
        bool isNew;
        lock (_gate)
        {
            if (!TryTakeWork(out var work))
                return true;
            if (!TryTakeThread(work, out thread, out isNew))
            {
                _ready.Insert(0, work);
                return false;
            }
        }
        Resume(thread, isNew);
        return true;
    }

    bool HasRoomFor(GuestWork work) => _running < limit && !HasShare(work);

    bool HasShare(GuestWork work) => ofOne < limit && work.Owner is { } owner && _shares.GetValueOrDefault(owner) >= ofOne;

    /// <summary>The first that waits, of those whose owners have not got their share.</summary>
    bool TryTakeWork([NotNullWhen(true)] out GuestWork? work)
    {
        for (var at = 0; at < _ready.Count && _running < limit; at++)
        {
            work = _ready[at];
            if (!HasRoomFor(work))
                continue;
            _ready.RemoveAt(at);
            return true;
        }

        work = null;
        return false;
    }

    bool TryTakeThread(GuestWork work, [NotNullWhen(true)] out GuestThread? thread, out bool isNew)
    {
        (thread, isNew) = (null, false);
        if (_idle.Count > 0)
        {
            thread = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
        }
        else if (threads.TryAdd())
            (thread, isNew) = (new GuestThread(threads, this), true);
        else
            return false;
        thread.Work = work;
        Count(work, +1);
        return true;
    }

    void Count(GuestWork work, int by)
    {
        _running += by;
        if (ofOne == limit || work.Owner is not { } owner)
            return;
        ref var share = ref CollectionsMarshal.GetValueRefOrAddDefault(_shares, owner, out _);
        share += by;
        if (share == 0)
            _shares.Remove(owner);
    }

    static void Resume(GuestThread thread, bool isNew)
    {
        if (isNew)
            thread.Start();
        else
            thread.Wake();
    }
}

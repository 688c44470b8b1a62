using System.Diagnostics.CodeAnalysis;
using Allotrope.Actors.Native;

namespace Allotrope.Actors;

/// <summary>
/// Threads of one priority that take work from one queue. A thread counts against the lane's limit while its guest runs, not while it waits
/// for the host.
/// </summary>
/// <param name="limit">How many threads run at once before work waits.</param>
/// <param name="nice">The nice value of its threads, 0 for that of the process.</param>
sealed class GuestLane(GuestThreads threads, int limit, int nice)
{
    readonly Lock _gate = new();
    readonly Queue<GuestWork> _ready = new();
    readonly List<GuestThread> _idle = []; // the last one is taken first: its stack is still in the cache
    int _running;
    bool _closed;

    /// <summary>Threads whose guests run now.</summary>
    public int Running => Volatile.Read(ref _running);

    public void Start(GuestWork work)
    {
        GuestThread? thread;
        bool isNew;
        lock (_gate)
        {
            if (!TryTakeThread(work, out thread, out isNew))
            {
                _ready.Enqueue(work);
                return;
            }
        }
        Resume(thread, isNew);
    }

    /// <summary>What <paramref name="thread"/> is to do next; <see langword="null"/> when it is idle from now on.</summary>
    public GuestWork? Next(GuestThread thread)
    {
        lock (_gate)
        {
            if (_running <= limit && _ready.TryDequeue(out var work))
                return work;
            _running--;
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

    /// <summary>A thread of the lane no longer counts; another one may start in its place.</summary>
    public void Leave()
    {
        GuestThread? thread;
        bool isNew;
        lock (_gate)
        {
            _running--;
            if (!_ready.TryPeek(out var work) || !TryTakeThread(work, out thread, out isNew))
                return;
            _ready.Dequeue();
        }
        Resume(thread, isNew);
    }

    /// <summary>A thread counts again, even beyond the limit: it is running already.</summary>
    public void Enter()
    {
        lock (_gate)
            _running++;
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

    bool TryTakeThread(GuestWork work, [NotNullWhen(true)] out GuestThread? thread, out bool isNew)
    {
        (thread, isNew) = (null, false);
        if (_running >= limit)
            return false;
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
        _running++;
        return true;
    }

    static void Resume(GuestThread thread, bool isNew)
    {
        if (isNew)
            thread.Start();
        else
            thread.Wake();
    }
}

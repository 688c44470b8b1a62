using System.Diagnostics;

namespace Allotrope.Wasm;

/// <summary>The threads that wait for a notification at an address of one shared memory.</summary>
sealed class Waiters
{
    /// <summary>Answers of the wait instructions.</summary>
    const int Notified = 0, NotEqual = 1, TimedOut = 2;

    readonly Lock _gate = new();
    readonly Dictionary<nint, LinkedList<Waiter>> _byAddress = [];

    /// <param name="address">Where to wait.</param>
    /// <param name="isExpected">Whether the memory holds what the guest expects; asked while no notification can get between.</param>
    /// <param name="nanoseconds">How long; negative for ever.</param>
    /// <param name="guard">Of the store that waits: an interruption ends it, a pause only delays the answer.</param>
    /// <exception cref="Trap">The store was interrupted.</exception>
    internal int Wait(nint address, Func<bool> isExpected, long nanoseconds, Guard guard)
    {
        var waiter = new Waiter();
        lock (_gate)
        {
            if (!isExpected())
                return NotEqual;
            if (!_byAddress.TryGetValue(address, out var queue))
                _byAddress[address] = queue = [];
            queue.AddLast(waiter);
        }

        var end = Waiter.EndOf(nanoseconds);
        try
        {
            do
            {
                // Who stops the guest sets its flag and then looks here; this is written first and then the flag is read. One of the two sees the other.
                Volatile.Write(ref guard.Sleeper, waiter);
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref guard.Asked) == 0)
                    waiter.Sleep(end);
                Guard.Poll(guard);
            }
            while (!waiter.IsNotified && Stopwatch.GetTimestamp() < end);
        }
        finally
        {
            Volatile.Write(ref guard.Sleeper, null);
            Remove(address, waiter);
        }

        return waiter.IsNotified ? Notified : TimedOut;
    }

    /// <summary>Wakes at most <paramref name="count"/> threads, those first that wait longest, and gives their number.</summary>
    internal int Notify(nint address, uint count)
    {
        var woken = 0;
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(address, out var queue))
                return 0;
            for (; (uint)woken < count && queue.First is { } first; woken++)
            {
                queue.RemoveFirst();
                first.Value.Notify();
            }
        }

        return woken;
    }

    void Remove(nint address, Waiter waiter)
    {
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(address, out var queue))
                return;
            queue.Remove(waiter);
            if (queue.Count == 0)
                _byAddress.Remove(address);
        }
    }
}

/// <summary>One thread that waits.</summary>
sealed class Waiter
{
    const long NanosecondsPerSecond = 1_000_000_000;

    bool _woken;

    /// <summary>Whether it was a notification that ended the wait.</summary>
    internal bool IsNotified { get; private set; }

    /// <summary>When a wait of so long that begins now is over; what is negative or too long to be told lasts for ever.</summary>
    internal static long EndOf(long nanoseconds)
    {
        var ticks = (UInt128)(ulong)nanoseconds * (ulong)Stopwatch.Frequency / NanosecondsPerSecond;
        var now = Stopwatch.GetTimestamp();
        return nanoseconds < 0 || ticks >= (ulong)(long.MaxValue - now) ? long.MaxValue : now + (long)ticks + 1;
    }

    internal void Notify()
    {
        IsNotified = true;
        Wake();
    }

    /// <summary>Ends one <see cref="Sleep"/>, this or the next.</summary>
    internal void Wake()
    {
        lock (this)
        {
            _woken = true;
            Monitor.Pulse(this);
        }
    }

    internal void Sleep(long end)
    {
        lock (this)
        {
            while (!_woken && end - Stopwatch.GetTimestamp() is > 0 and var ticks)
                Monitor.Wait(this, (int)Math.Clamp((Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds) + 1, 1, int.MaxValue));
            _woken = false;
        }
    }
}

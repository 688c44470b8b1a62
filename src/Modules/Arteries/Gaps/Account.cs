using System.Collections.Concurrent;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// What one receiver, in one of its lives, is told of one life of an origin. <see cref="Pass"/> is called by the artery's threads, all else with the
/// core's lock held.
/// </summary>
sealed class Account(OriginRun run)
{
    /// <summary>
    /// Jumps of the origin's numbers that wait to be passed: beyond these the oldest is forgotten, and the unknown numbers before it are told a little
    /// later. An origin may leave out every other number, and a receiver may read none.
    /// </summary>
    const int Jumps = 1024;

    /// <summary>Intents written before the receiver has said what it knew that are remembered: far more than pass in the time of its answer.</summary>
    const int Early = 4096;

    ConcurrentQueue<(long Sequence, long Unknown)>? _jumps; // made at the first jump: there is an account for every pair of services
    ConcurrentQueue<long>? _early;
    int _earlyCount;
    long _passed;
    long _dropped;
    long _passedBase;
    long _unknownBase;
    long _markPassed;
    long _markUnknown;
    long _written;
    long _unknownAtWritten;
    long _lastUnknown;
    PassedCount? _told;

    public OriginRun Run => run;

    internal int WaitingJumps => _jumps?.Count ?? 0;

    /// <summary>Intents meant for the receiver that were dropped.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Intents meant for the receiver so far.</summary>
    public long Meant { get; private set; }

    /// <summary>Counts an intent as meant, before it is handed to the artery.</summary>
    public void Mean(long sequence)
    {
        Meant++;
        if (run.Unknown == _lastUnknown)
            return;
        _lastUnknown = run.Unknown;
        if (_jumps is null)
            Volatile.Write(ref _jumps, []);
        _jumps.Enqueue((sequence, run.Unknown));
        if (_jumps.Count > Jumps)
            _jumps.TryDequeue(out _);
    }

    /// <summary>An intent was written, or dropped.</summary>
    public void Pass(long sequence, bool dropped)
    {
        if (dropped)
            Interlocked.Increment(ref _dropped);
        else
        {
            Volatile.Write(ref _written, sequence);
            if (Volatile.Read(ref _early) is { } early && Interlocked.Increment(ref _earlyCount) <= Early)
                early.Enqueue(sequence);
            while (Volatile.Read(ref _jumps) is { } jumps && jumps.TryPeek(out var jump) && jump.Sequence <= sequence)
            {
                Volatile.Write(ref _unknownAtWritten, jump.Unknown);
                jumps.TryDequeue(out _);
            }
        }
        Interlocked.Increment(ref _passed); // last, so that whoever sees the count sees the rest
    }

    /// <summary>A first artery of the receiver's life opens; whether its life began with it is known when it has said what it knows.</summary>
    public void Mark()
    {
        (_markPassed, _markUnknown) = (Interlocked.Read(ref _passed), run.Unknown);
        Volatile.Write(ref _early, []);
    }

    /// <summary>It is known now whether the receiver's life began with its first artery to this core: then what was before is nothing to it.</summary>
    public void Settle(bool isFresh)
    {
        if (isFresh)
            (_passedBase, _unknownBase) = (_markPassed, _markUnknown);
        Volatile.Write(ref _early, null);
    }

    /// <summary>The receiver counted before this core began, with another: its numbers go on.</summary>
    /// <returns>False when all it knows came from this core, by an artery that was lost before it could say so.</returns>
    public bool GoOnFrom(KnownOrigin known)
    {
        var here = _early?.Count(sequence => sequence <= known.HighSequence) ?? 0;
        if (known.Arrived <= here && known is { Missed: 0, Unknown: 0 })
            return false;
        _passedBase = here - (known.Arrived + known.Missed);
        // With some from here the highest number of before is not known: what this core has not seen below its own first is taken for it
        _unknownBase = (here == 0 ? known.HighSequence : Math.Min(known.HighSequence, _early!.First() - 1)) - known.Unknown;
        return true;
    }

    /// <summary>What to tell in a beat written now; <see langword="null"/> when nothing has changed since the last.</summary>
    public PassedCount? Next()
    {
        var passed = Interlocked.Read(ref _passed);
        var (high, unknown) = passed == Meant ? (run.High, run.Unknown) : (Volatile.Read(ref _written), Volatile.Read(ref _unknownAtWritten));
        if (high == 0)
            return null;
        var line = new PassedCount(run.Origin.Name, run.Origin.Epoch, high, passed - _passedBase, Math.Max(0, unknown - _unknownBase));
        if (line == _told)
            return null;
        _told = line;
        return line;
    }

    /// <summary>A new artery begins: everything is told once more.</summary>
    public void Forget() => _told = null;
}

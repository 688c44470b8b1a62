using System.Collections.Concurrent;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// What one receiver, in one of its lives, is told of one life of an origin. <see cref="Pass"/> is called by the artery's threads, all else with the
/// core's lock held.
/// </summary>
sealed class Account(OriginRun run)
{
    readonly ConcurrentQueue<(long Sequence, long Unknown)> _jumps = [];
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
        _jumps.Enqueue((sequence, run.Unknown));
    }

    /// <summary>An intent was written, or dropped.</summary>
    public void Pass(long sequence, bool dropped)
    {
        if (dropped)
            Interlocked.Increment(ref _dropped);
        else
        {
            Volatile.Write(ref _written, sequence);
            while (_jumps.TryPeek(out var jump) && jump.Sequence <= sequence)
            {
                Volatile.Write(ref _unknownAtWritten, jump.Unknown);
                _jumps.TryDequeue(out _);
            }
        }
        Interlocked.Increment(ref _passed); // last, so that whoever sees the count sees the rest
    }

    /// <summary>A first artery of the receiver's life opens; whether its life began with it is known when it has said what it knows.</summary>
    public void Mark() => (_markPassed, _markUnknown) = (Interlocked.Read(ref _passed), run.Unknown);

    /// <summary>The receiver's life began with that artery: what was before is nothing to it.</summary>
    public void BeginAtMark() => (_passedBase, _unknownBase) = (_markPassed, _markUnknown);

    /// <summary>The receiver counted before this core began, with another: its numbers go on.</summary>
    public void GoOnFrom(KnownOrigin known)
    {
        _passedBase = -(known.Arrived + known.Missed);
        _unknownBase = known.HighSequence - known.Unknown;
        run.Expect(known.HighSequence + 1);
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

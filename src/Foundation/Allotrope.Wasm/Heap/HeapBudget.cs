using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Allotrope.Wasm;

/// <summary>
/// Bounds what a store's guests keep alive on the .NET heap, without knowing what that is: every so many bytes one object is watched for all that
/// were made since the one before, as a heap profiler samples. What is watched and still there, times what it stands for, is the estimate; large
/// objects are always watched. Only when the estimate is too high is the collector asked, and never more often than <see cref="_slack"/> bytes.
/// </summary>
sealed class HeapBudget
{
    /// <summary>Samples that a budget is divided into; the estimate is off by about the square root of that.</summary>
    const int Samples = 1024;

    const int SmallestInterval = 1 << 10;
    const int LargestInterval = 64 << 10;

    /// <summary>Garbage of at least this may lie about before the collector is forced: a full collection walks what others have, too.</summary>
    const long SmallestSlack = 16 << 20;

    readonly long _limit;
    readonly long _slack;
    readonly int _interval;
    readonly List<(WeakReference Made, long Bytes)> _watched = [];

    /// <summary>Bytes of the objects watched that were there when last looked.</summary>
    long _estimate;

    long _sinceForced;

    /// <summary>State of the generator that spaces the samples: a guest that could foretell which are watched would drop just those.</summary>
    ulong _random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    /// <summary>Bytes from the last sample to the next.</summary>
    long _stride;

    /// <summary>Bytes left until an object is watched; counted down where objects are made.</summary>
    long _left;

    internal HeapBudget(long limit)
    {
        _limit = Math.Clamp(limit, 0, long.MaxValue / 4);
        _slack = Math.Max(_limit / 2, SmallestSlack);
        _sinceForced = _slack;
        _interval = (int)Math.Clamp(_limit / Samples, SmallestInterval, LargestInterval);
        Space();
    }

    /// <summary>Whether what is made in one call from the host is bounded, too.</summary>
    bool _countsCalls;

    /// <summary>Bytes made in this call, as of the last sample.</summary>
    long _madeInCall;

    /// <summary>
    /// From now on guests trap when they have made more than the limit in one call from the host, which is the same on every machine, and the host gets an
    /// exception when they keep too much.
    /// </summary>
    internal void CountCalls()
    {
        if (_countsCalls)
            return;
        _countsCalls = true;
        BeginCall();
    }

    /// <summary>What was made before does not count for the call that begins.</summary>
    internal void BeginCall()
    {
        _madeInCall = _left - _stride;
        if (_countsCalls && _left > _limit)
            (_stride, _left) = (_stride - (_left - _limit), _limit);
    }

    /// <summary>Counts an object that was made, and gives it back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static object Count(object made, long bytes, HeapBudget budget)
    {
        if ((budget._left -= bytes) < 0)
            budget.Watch(made);
        return made;
    }

    /// <summary>Asks before a large object is made.</summary>
    /// <exception cref="Trap">The guests keep too much alive for it.</exception>
    internal void Ask(long bytes)
    {
        if (_countsCalls && bytes > _limit - _madeInCall - (_stride - _left))
            throw new Trap(TrapKind.HeapExhausted);
        if (bytes > _interval && _estimate + bytes > _limit + _slack)
            Look(bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void Watch(object made)
    {
        var bytes = _stride - _left;
        _madeInCall += bytes;
        Space();
        if (_countsCalls && _madeInCall > _limit)
            throw new Trap(TrapKind.HeapExhausted);
        _watched.Add((new WeakReference(made), bytes));
        _estimate += bytes;
        _sinceForced += bytes;
        if (_estimate > _limit + _slack)
            Look(0);
    }

    void Look(long wanted)
    {
        Forget();
        if (_estimate + wanted <= _limit)
            return;
        if (_sinceForced >= _slack && wanted <= _limit)
        {
            _sinceForced = 0;
            GC.Collect();
            Forget();
        }

        if (_estimate + wanted > _limit)
        {
            throw _countsCalls
                ? new HostExhaustedException($"deterministic guests keep more than the {_limit} bytes that their store's HeapBytes allows")
                : new Trap(TrapKind.HeapExhausted);
        }
    }

    /// <summary>Takes what was collected off the estimate.</summary>
    void Forget()
    {
        _watched.RemoveAll(watched => !watched.Made.IsAlive);
        _estimate = 0;
        foreach (var (_, bytes) in _watched)
            _estimate += bytes;
    }

    void Space()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        _stride = _left = (_interval / 2) + (long)(_random % (ulong)_interval);
        // The first object beyond the limit is one that is looked at.
        if (_countsCalls && _madeInCall <= _limit)
            _stride = _left = Math.Min(_left, _limit - _madeInCall);
    }
}

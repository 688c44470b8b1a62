using System.Threading.Tasks.Sources;

namespace Allotrope.Artery;

/// <summary>Wakes one waiter, once for any number of calls while it was awake. Waiting and waking do not allocate.</summary>
sealed class Signal : IValueTaskSource
{
    const int Idle = 0;
    const int Set = 1;
    const int Waiting = 2;

    ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    int _state;

    /// <summary>Wakes the waiter, or lets the next wait pass at once.</summary>
    public void Raise()
    {
        // The exchange is a full fence: what was queued before it is seen by the waiter that it wakes
        if (Interlocked.Exchange(ref _state, Set) != Waiting)
            return;
        Volatile.Write(ref _state, Idle);
        _source.SetResult(true);
    }

    /// <summary>Waits for <see cref="Raise"/>. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Set) == Set)
            return ValueTask.CompletedTask;
        _source.Reset();
        var token = _source.Version;
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            return new ValueTask(this, token);
        Volatile.Write(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}

namespace Allotrope.Lattice;

/// <summary>
/// The cancellation of one request: by time, by its caller. Most requests are answered before either matters, so scopes are used again and
/// the timer is set only for a handler that takes its time.
/// </summary>
sealed class RequestScope(TimeProvider time) : CancellationTokenSource
{
    const long Idle = long.MaxValue;
    const long Fired = long.MinValue;

    ITimer? _timer;
    long _due = Idle; // timestamp of the time-out; Idle or Fired

    /// <summary>True when the time was over, false when the caller cancelled or nothing happened.</summary>
    public bool TimedOut => Volatile.Read(ref _due) == Fired;

    public void Start(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return;
        Volatile.Write(ref _due, time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency));
        _timer ??= CreateTimer();
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the request; true when the scope can serve another.</summary>
    public bool Reset()
    {
        if (Interlocked.Exchange(ref _due, Idle) != Fired && TryReset())
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
        _timer?.Dispose(); // but not the source: whoever still runs with the token may yet register with it
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Without the execution context of the first request, which the timer outlives.</summary>
    ITimer CreateTimer()
    {
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        return time.CreateTimer(static scope => ((RequestScope)scope!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// A ring may be late: meant for a request that has ended, it may come when the scope serves the next. So it cancels only if the time of the
    /// present request is over, and only if that request has not ended (which takes <c>_due</c> away) at the same moment.
    /// </summary>
    void Ring()
    {
        var due = Volatile.Read(ref _due);
        if (due is Idle or Fired)
            return;
        if (time.GetTimestamp() is var now && now < due)
            _timer?.Change(TimeSpan.FromSeconds((due - now) / (double)time.TimestampFrequency) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        else if (Interlocked.CompareExchange(ref _due, Fired, due) == due)
            Cancel();
    }
}

namespace Allotrope.Gateway;

/// <summary>Calls off what waits for a client for too long. Only one that has to wait needs a timer.</summary>
/// <param name="longest">One wait may take.</param>
/// <param name="clock">By which.</param>
/// <param name="callOff">Ends the wait under way, from any thread; may come a moment too late, when there is none any more.</param>
sealed class StallWatch(TimeSpan longest, TimeProvider clock, Action callOff) : IAsyncDisposable
{
    ITimer? _timer;
    volatile bool _isOver;

    /// <summary>A wait took too long. It may have ended otherwise in the same moment.</summary>
    public bool IsOver => _isOver;

    public ValueTask<T> OverAsync<T>(ValueTask<T> wait) => wait.IsCompleted ? wait : WatchAsync(wait);

    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? default;

    async ValueTask<T> WatchAsync<T>(ValueTask<T> wait)
    {
        _timer ??= clock.CreateTimer(static watch => ((StallWatch)watch!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(longest, Timeout.InfiniteTimeSpan);
        try
        {
            return await wait;
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    void End()
    {
        _isOver = true;
        callOff();
    }
}

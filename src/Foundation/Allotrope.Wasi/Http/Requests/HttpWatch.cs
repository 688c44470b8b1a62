namespace Allotrope.Wasi.Http;

/// <summary>Bounds what one side of an exchange waits for, one thing at a time. Any thread may begin and end a wait.</summary>
sealed class HttpWatch(TimeProvider time) : IDisposable
{
    readonly CancellationTokenSource _late = new(Timeout.InfiniteTimeSpan, time);
    readonly Lock _gate = new();
    ErrorCode? _waitsFor;
    bool _disposed;

    /// <summary>Cancelled when a wait took too long.</summary>
    public CancellationToken Token => _late.Token;

    /// <summary>What took too long; null when nothing did.</summary>
    public ErrorCode? Late => _late.IsCancellationRequested ? _waitsFor : null;

    /// <param name="wait">From now on.</param>
    /// <param name="otherwise">What it is called if it takes longer.</param>
    public void Begin(TimeSpan wait, ErrorCode otherwise)
    {
        lock (_gate)
        {
            if (_disposed || _late.IsCancellationRequested)
                return;
            _waitsFor = otherwise;
            _late.CancelAfter(wait);
        }
    }

    public void End()
    {
        lock (_gate)
            if (!_disposed && !_late.IsCancellationRequested)
                _late.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _late.Dispose();
        }
    }
}

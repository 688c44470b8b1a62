namespace Allotrope.Arteries;

/// <summary>How much one service may say: a bucket of tokens that fills by time and holds one second's worth.</summary>
sealed class FloodGate
{
    readonly double _perSecond;
    readonly TimeProvider _time;
    double _tokens;
    long _filled;

    public FloodGate(double perSecond, TimeProvider time)
    {
        (_perSecond, _time, _tokens) = (perSecond, time, perSecond);
        _filled = time.GetTimestamp();
    }

    /// <summary>Takes for <paramref name="count"/> intents or frames.</summary>
    /// <returns>False when the service says more than it may.</returns>
    public bool Take(int count)
    {
        if (_tokens < count)
        {
            var now = _time.GetTimestamp();
            _tokens = Math.Min(_perSecond, _tokens + (_time.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
            _filled = now;
        }
        _tokens -= count;
        return _tokens >= 0;
    }
}

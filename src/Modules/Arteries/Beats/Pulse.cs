namespace Allotrope.Arteries;

/// <summary>Mean latency of heartbeats, and whether it has changed so much that the zone is told.</summary>
sealed class Pulse
{
    const int Window = 8;

    /// <summary>A change is to twice or half of what was usual, and more than a busy machine's scheduling makes: 20 ms.</summary>
    const double Factor = 2;
    const double LeastMicroseconds = 20_000;

    readonly Queue<double> _latest = new();

    /// <summary>In microseconds, over the last eight beats or those since the last change; <see langword="null"/> before the first.</summary>
    public double? Mean => _latest.Count == 0 ? null : _latest.Average();

    /// <summary>Adds a latency and tells what it means. After a change the mean begins anew, so it is told once.</summary>
    public PulseChange Add(double microseconds)
    {
        var change = Mean is { } usual ? Compare(usual, microseconds) : PulseChange.None;
        if (change != PulseChange.None)
            _latest.Clear();
        _latest.Enqueue(microseconds);
        if (_latest.Count > Window)
            _latest.Dequeue();
        return change;
    }

    public void Clear() => _latest.Clear();

    static PulseChange Compare(double usual, double now) =>
        Math.Abs(now - usual) < LeastMicroseconds ? PulseChange.None
        : now > usual * Factor ? PulseChange.Rise
        : now < usual / Factor ? PulseChange.Drop
        : PulseChange.None;
}

/// <summary>How a latency compares with what was usual.</summary>
enum PulseChange
{
    None,
    Rise,
    Drop,
}

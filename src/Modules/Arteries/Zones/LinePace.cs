namespace Allotrope.Arteries;

/// <summary>Lets through so many lines of a log a minute as a person reads, because peers must not be able to fill a disk. Not thread-safe.</summary>
sealed class LinePace(TimeProvider time)
{
    const int LinesPerMinute = 10;

    long _minute;
    int _lines;

    /// <returns>False when this minute has had its lines.</returns>
    public bool Take()
    {
        var minute = time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
        (_minute, _lines) = (minute, minute == _minute ? _lines + 1 : 1);
        return _lines <= LinesPerMinute;
    }
}

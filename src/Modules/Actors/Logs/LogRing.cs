using Allotrope.Contracts;

namespace Allotrope.Actors;

/// <summary>The newest lines of one workload. A workload that logs more than it may loses lines, and the log says how many.</summary>
/// <param name="publish">Told of every line kept; must not block.</param>
sealed class LogRing(string workload, TimeProvider time, Action<LogLine> publish)
{
    /// <summary>Lines kept; with lines of at most 4 KiB of text, some megabytes at worst.</summary>
    public const int Capacity = 1000;

    /// <summary>Lines that may come at once.</summary>
    public const int Burst = 500;

    /// <summary>Lines a second in the long run, more than a person can read and far less than would cost the node anything.</summary>
    public const int LinesPerSecond = 100;

    readonly Lock _gate = new();
    readonly Queue<LogLine> _lines = new();
    double _allowance = Burst;
    long _last = time.GetTimestamp();
    int _dropped;

    /// <summary>
    /// Takes one line's worth of the allowance; false when there is none, and the line is then to be dropped. Asked before the text is made,
    /// so that a flood costs nothing but the asking.
    /// </summary>
    public bool Admit()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _allowance = Math.Min(Burst, _allowance + (time.GetElapsedTime(_last, now).TotalSeconds * LinesPerSecond));
            _last = now;
            if (_allowance < 1)
            {
                _dropped++;
                return false;
            }
            _allowance--;
            if (_dropped > 0)
            {
                var dropped = _dropped;
                _dropped = 0;
                Keep("warn", $"{dropped} lines were dropped here: a workload may log {LinesPerSecond} lines a second.");
            }
            return true;
        }
    }

    /// <summary>Keeps a line that was admitted, or one the node itself has to say.</summary>
    public void Write(string level, string text)
    {
        lock (_gate)
            Keep(level, text);
    }

    /// <summary>The newest <paramref name="count"/> lines, oldest first.</summary>
    public IReadOnlyList<LogLine> Newest(int count)
    {
        lock (_gate)
            return [.. _lines.Skip(Math.Max(0, _lines.Count - count))];
    }

    void Keep(string level, string text)
    {
        var line = new LogLine(time.GetUtcNow(), workload, level, text);
        if (_lines.Count == Capacity)
            _lines.Dequeue();
        _lines.Enqueue(line);
        publish(line);
    }
}

namespace Allotrope.Artery.Client;

/// <summary>Counts what arrives and what the core says was meant to.</summary>
sealed class GapBook
{
    readonly Lock _gate = new();
    readonly Dictionary<Origin, Gap> _gaps = [];
    readonly Dictionary<Origin, long> _last = [];

    /// <returns>False for one that comes behind a later one, which counts as missed.</returns>
    public bool Arrived(Origin origin, long sequence)
    {
        lock (_gate)
        {
            if (sequence <= _last.GetValueOrDefault(origin))
                return false;
            _last[origin] = sequence;
            var gap = Of(origin);
            _gaps[origin] = gap with { Arrived = gap.Arrived + 1, HighSequence = Math.Max(gap.HighSequence, sequence) };
            return true;
        }
    }

    /// <returns>The gap when it has grown.</returns>
    public Gap? Passed(PassedCount passed)
    {
        lock (_gate)
        {
            var origin = new Origin(passed.Origin, passed.Epoch);
            var before = Of(origin);
            var gap = before with
            {
                HighSequence = Math.Max(before.HighSequence, passed.HighSequence),
                Missed = Math.Max(before.Missed, passed.Passed - before.Arrived),
                Unknown = Math.Max(before.Unknown, passed.Unknown),
            };
            _gaps[origin] = gap;
            return gap.Missed > before.Missed || gap.Unknown > before.Unknown ? gap : null;
        }
    }

    public Gap[] All()
    {
        lock (_gate)
            return [.. _gaps.Values];
    }

    Gap Of(Origin origin) => _gaps.TryGetValue(origin, out var gap) ? gap : new(origin.Name, origin.Epoch, 0, 0, 0, 0);
}

namespace Allotrope.Artery.Client;

/// <summary>Counts what arrives and what the core says was meant to.</summary>
sealed class GapBook
{
    readonly Lock _gate = new();
    readonly Dictionary<Origin, Entry> _entries = [];

    /// <returns>False for one that comes behind a later one, which counts as missed.</returns>
    public bool Arrived(Origin origin, long sequence)
    {
        lock (_gate)
        {
            var (gap, last, untold) = Of(origin);
            if (sequence <= last)
                return false;
            untold += Math.Max(0, sequence - gap.HighSequence - 1);
            gap = gap with { Arrived = gap.Arrived + 1, HighSequence = Math.Max(gap.HighSequence, sequence) };
            _entries[origin] = new(gap, sequence, untold);
            return true;
        }
    }

    /// <returns>The gap when it has grown.</returns>
    public Gap? Passed(PassedCount passed)
    {
        lock (_gate)
        {
            var origin = new Origin(passed.Origin, passed.Epoch);
            var (before, last, _) = Of(origin);
            var gap = before with
            {
                HighSequence = Math.Max(before.HighSequence, passed.HighSequence),
                Missed = Math.Max(before.Missed, passed.Passed - before.Arrived),
                Unknown = Math.Max(before.Unknown, passed.Unknown),
            };
            _entries[origin] = new(gap, last, Untold: 0);
            return gap.Missed > before.Missed || gap.Unknown > before.Unknown ? gap : null;
        }
    }

    /// <summary>
    /// Another core has come: numbers that were skipped since the one before last told of their origin, which nobody can explain any more, may all
    /// have been meant for this service.
    /// </summary>
    /// <returns>The gaps that have grown by it.</returns>
    public IReadOnlyList<Gap> Renew()
    {
        lock (_gate)
        {
            List<Gap> grown = [];
            foreach (var (origin, (gap, last, untold)) in _entries.ToList())
            {
                // Some of what was skipped may have been told as missed before its place had come: no more can be unknown than there are numbers
                var unknown = Math.Min(gap.Unknown + untold, gap.HighSequence - gap.Arrived - gap.Missed);
                _entries[origin] = new(gap with { Unknown = Math.Max(gap.Unknown, unknown) }, last, Untold: 0);
                if (unknown > gap.Unknown)
                    grown.Add(_entries[origin].Gap);
            }

            return grown;
        }
    }

    /// <summary>What a new core goes on from.</summary>
    public KnownOrigin[] Known()
    {
        // What was told as missed before its place had come is beyond the highest number, and not to be counted by the new core once more
        return [.. All().Select(gap => new KnownOrigin(
            gap.Origin, gap.Epoch, Math.Max(gap.HighSequence, gap.Arrived + gap.Missed + gap.Unknown), gap.Arrived, gap.Missed, gap.Unknown))];
    }

    public Gap[] All()
    {
        lock (_gate)
            return [.. _entries.Values.Select(entry => entry.Gap)];
    }

    Entry Of(Origin origin) => _entries.TryGetValue(origin, out var entry) ? entry : new(new(origin.Name, origin.Epoch, 0, 0, 0, 0), 0, 0);

    /// <param name="Last">The number that arrived last.</param>
    /// <param name="Untold">Numbers skipped since the core has last told of the origin.</param>
    readonly record struct Entry(Gap Gap, long Last, long Untold);
}

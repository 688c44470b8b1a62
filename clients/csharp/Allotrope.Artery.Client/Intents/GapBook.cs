using System.Runtime.InteropServices;

namespace Allotrope.Artery.Client;

/// <summary>Counts what arrives and what the core says was meant to. It remembers so many lives of origins; of more, those longest without news go.</summary>
sealed class GapBook
{
    /// <summary>Far more than the zone's services and what their core remembers of each.</summary>
    public const int Limit = 4096;

    // Many at once, so that the search for the oldest is paid for by many new ones
    const int ForgottenAtOnce = Limit / 4;

    readonly Lock _gate = new();
    readonly Dictionary<Origin, Entry> _entries = [];
    long _news;
    long _missed;

    /// <summary>All intents known to have been missed, also of lives that are forgotten.</summary>
    public long Missed
    {
        get
        {
            lock (_gate)
                return _missed;
        }
    }

    /// <returns>False for one that comes behind a later one, which counts as missed.</returns>
    public bool Arrived(Origin origin, long sequence)
    {
        lock (_gate)
        {
            ref var entry = ref EntryOf(origin);
            if (sequence <= entry.Last)
                return false;
            entry.Last = sequence;
            entry.Untold += Math.Max(0, sequence - entry.Gap.HighSequence - 1);
            entry.Gap = entry.Gap with { Arrived = entry.Gap.Arrived + 1, HighSequence = Math.Max(entry.Gap.HighSequence, sequence) };
            return true;
        }
    }

    /// <returns>The gap when it has grown.</returns>
    public Gap? Passed(PassedCount passed)
    {
        lock (_gate)
        {
            ref var entry = ref EntryOf(new Origin(passed.Origin, passed.Epoch));
            var before = entry.Gap;
            entry.Gap = before with
            {
                HighSequence = Math.Max(before.HighSequence, passed.HighSequence),
                Missed = Math.Max(before.Missed, passed.Passed - before.Arrived),
                Unknown = Math.Max(before.Unknown, passed.Unknown),
            };
            entry.Untold = 0;
            _missed += entry.Gap.Missed - before.Missed;
            return entry.Gap.Missed > before.Missed || entry.Gap.Unknown > before.Unknown ? entry.Gap : null;
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
            foreach (var origin in _entries.Where(entry => entry.Value.Untold > 0).Select(entry => entry.Key).ToList())
            {
                ref var entry = ref EntryOf(origin);
                var gap = entry.Gap;
                // Some of what was skipped may have been told as missed before its place had come: no more can be unknown than there are numbers
                var unknown = Math.Min(gap.Unknown + entry.Untold, gap.HighSequence - gap.Arrived - gap.Missed);
                entry.Untold = 0;
                if (unknown <= gap.Unknown)
                    continue;
                entry.Gap = gap with { Unknown = unknown };
                grown.Add(entry.Gap);
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

    ref Entry EntryOf(Origin origin)
    {
        if (_entries.Count >= Limit && !_entries.ContainsKey(origin))
            foreach (var oldest in _entries.OrderBy(entry => entry.Value.News).Take(ForgottenAtOnce).Select(entry => entry.Key).ToList())
                _entries.Remove(oldest);
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, origin, out var known);
        if (!known)
            entry.Gap = new Gap(origin.Name, origin.Epoch, 0, 0, 0, 0);
        entry.News = ++_news;
        return ref entry;
    }

    struct Entry
    {
        public Gap Gap;

        /// <summary>The number that arrived last.</summary>
        public long Last;

        /// <summary>Numbers skipped since the core has last told of the origin.</summary>
        public long Untold;

        /// <summary>When something was last heard of it.</summary>
        public long News;
    }
}

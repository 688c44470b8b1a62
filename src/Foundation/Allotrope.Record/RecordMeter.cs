using System.Diagnostics.Metrics;

namespace Allotrope.Record;

/// <summary>What the record counts.</summary>
static class RecordMeter
{
    static readonly Meter Meter = new("Allotrope.Record");

    public static readonly Histogram<int> GroupSize = Meter.CreateHistogram<int>(
        "allotrope.record.group_size", "{write}", "Writes that shared one transaction, and so one flush of the disk.");

    public static readonly Counter<long> SnapshotFaults = Meter.CreateCounter<long>(
        "allotrope.record.snapshot_faults", "{fault}", "Snapshots of journals that could not be saved and will be tried again.");
}

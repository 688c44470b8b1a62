namespace Allotrope.Record;

/// <summary>The bounds of a record, each with its reason.</summary>
public static class RecordLimits
{
    /// <summary>Characters of a stream's name: room for a bucket's name and its prefix.</summary>
    public const int StreamLength = 300;

    /// <summary>Characters of an event's type; it is a word or two.</summary>
    public const int TypeLength = 64;

    /// <summary>Bytes of one event: sixteen times the largest value of a bucket, far below what a database row can hold.</summary>
    public const int EventLength = 16 * 1024 * 1024;

    /// <summary>Bytes of a snapshot: the largest bucket (256 MiB) with room for its keys.</summary>
    public const int SnapshotLength = 512 * 1024 * 1024;

    /// <summary>Events of one append; they are written in one transaction and wait in memory until then.</summary>
    public const int EventsPerAppend = 4096;

    /// <summary>Appends that wait for the disk before further callers are made to wait for room.</summary>
    public const int WaitingAppends = 1024;

    /// <summary>Appends written in one transaction, so that the first of a group does not wait long for the last.</summary>
    public const int AppendsPerGroup = 256;

    /// <summary>Bytes written in one transaction, for the same reason.</summary>
    public const int BytesPerGroup = 8 * 1024 * 1024;

    /// <summary>Writes to a journal that wait for the disk before further callers are made to wait for room.</summary>
    public const int WaitingWrites = 1024;

    /// <summary>Writes to a journal that share an append: few enough that what they come to is one.</summary>
    public const int WritesPerAppend = 512;

    /// <summary>Bytes up to which a file is checked in full when it is opened; 64 MiB take about a fifth of a second.</summary>
    public const long FullCheckLength = 64 * 1024 * 1024;
}

using Allotrope.Kernel;
using Microsoft.Data.Sqlite;

namespace Allotrope.Record;

/// <summary>Reads events a page at a time, so that a slow reader never keeps a transaction open, which would let the log grow without end.</summary>
sealed class RecordReader(RecordFile file)
{
    const int EventsPerPage = 256;
    const int BytesPerPage = 1024 * 1024;

    /// <summary>The events after <paramref name="after"/> up to <paramref name="until"/>, as many as fit a page; at least one.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.NotFound"/> when a snapshot has replaced them, <see cref="Fault.Damaged"/> when they are not what was written.
    /// </exception>
    public List<RecordedEvent> ReadPage(string stream, long id, long after, long until)
    {
        using var connection = file.OpenReader();
        using var select = connection.Prepare(
            "select revision, time, type, data, checksum from event where stream = $stream and revision > $after and revision <= $until order by revision limit $limit",
            "$stream", "$after", "$until", "$limit");
        var values = select.Parameters;
        (values[0].Value, values[1].Value, values[2].Value, values[3].Value) = (id, after, until, EventsPerPage);
        List<RecordedEvent> page = [];
        using (var rows = select.ExecuteReader())
            for (var bytes = 0; bytes < BytesPerPage && rows.Read() && rows.GetInt64(0) == after + page.Count + 1;)
            {
                var one = Read(rows, stream, id);
                bytes += one.Data.Length;
                page.Add(one);
            }
        return page is not [] ? page : throw Missing(connection, stream, id, after + 1);
    }

    public RecordSnapshot? ReadSnapshot(string stream, long id)
    {
        using var connection = file.OpenReader();
        using var select = connection.Prepare("select revision, data, checksum from snapshot where stream = $stream", "$stream");
        select.Parameters[0].Value = id;
        using var row = select.ExecuteReader();
        if (!row.Read())
            return null;
        var (revision, data) = (row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        if (Checksum.Of(id, revision, time: 0, type: "", data) != row.GetInt64(2))
            throw new FaultException(SqliteFault.Damaged(file.Path, $"is damaged (the snapshot of stream {stream} at revision {revision} is not what was written)"));
        return new RecordSnapshot(revision, data);
    }

    RecordedEvent Read(SqliteDataReader row, string stream, long id)
    {
        var (revision, time, type, data) = (row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetFieldValue<byte[]>(3));
        if (Checksum.Of(id, revision, time, type, data) != row.GetInt64(4))
            throw new FaultException(SqliteFault.Damaged(file.Path, $"is damaged (event {revision} of stream {stream} is not what was written)"));
        return new RecordedEvent(stream, revision, new DateTimeOffset(time, TimeSpan.Zero), type, data);
    }

    FaultException Missing(SqliteConnection connection, string stream, long id, long revision)
    {
        using var select = connection.Prepare("select coalesce(max(revision), 0) from snapshot where stream = $stream", "$stream");
        select.Parameters[0].Value = id;
        var snapshot = (long)select.ExecuteScalar()!;
        return new FaultException(revision <= snapshot
            ? new Fault.NotFound($"Event {revision} of stream {stream} was replaced by the snapshot at revision {snapshot}: read the snapshot, then what follows it.")
            : SqliteFault.Damaged(file.Path, $"is damaged (event {revision} of stream {stream} is missing)"));
    }
}

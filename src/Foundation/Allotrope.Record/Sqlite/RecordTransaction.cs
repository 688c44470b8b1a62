using System.Runtime.InteropServices;
using Allotrope.Kernel;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Allotrope.Record;

/// <summary>One transaction of the writer. Heads move in here first and are made known to others only by <see cref="Commit"/>.</summary>
sealed class RecordTransaction : IDisposable
{
    readonly SqliteConnection _connection;
    readonly StreamHeads _committed;
    readonly TimeProvider _time;
    readonly Dictionary<string, (long Id, long Head)> _heads = [];

    public RecordTransaction(SqliteConnection connection, StreamHeads committed, TimeProvider time)
    {
        (_connection, _committed, _time) = (connection, committed, time);
        connection.Execute("begin immediate");
    }

    /// <summary>Writes, or says why not; a refused write leaves no trace in the transaction.</summary>
    public Verdict Apply(RecordWrite write) =>
        write is RecordWrite.Append append ? Append(append) : Save((RecordWrite.Snapshot)write);

    public void Commit()
    {
        foreach (var (_, (id, head)) in _heads)
        {
            using var update = _connection.Prepare("update stream set head = $head where id = $id", "$head", "$id");
            (update.Parameters[0].Value, update.Parameters[1].Value) = (head, id);
            update.ExecuteNonQuery();
        }
        _connection.Execute("commit");
        foreach (var (stream, (id, head)) in _heads)
            _committed.Advance(stream, id, head);
    }

    /// <summary>Rolls back what was not committed, unless SQLite has: on a full disk it does, and SqliteTransaction would take that for damage.</summary>
    public void Dispose()
    {
        if (sqlite3_get_autocommit(_connection.Handle) == 0)
            _connection.Execute("rollback");
    }

    Verdict Append(RecordWrite.Append append)
    {
        var (id, head) = HeadOf(append.Stream);
        if (append.ExpectedRevision != IRecord.AnyRevision && append.ExpectedRevision != head)
            return new Verdict(head, new Fault.Conflict(
                $"Stream {append.Stream} is at revision {head}, not {append.ExpectedRevision}: read what was added, then append again."));
        if (append.Events.Count == 0)
            return new Verdict(head);
        if (id == 0)
            id = AddStream(append.Stream);
        using var insert = _connection.Prepare(
            "insert into event(stream, revision, time, type, data, checksum) values($stream, $revision, $time, $type, $data, $checksum)",
            "$stream", "$revision", "$time", "$type", "$data", "$checksum");
        var time = _time.GetUtcNow().UtcTicks;
        foreach (var one in append.Events)
        {
            head++;
            var values = insert.Parameters;
            (values[0].Value, values[1].Value, values[2].Value, values[3].Value) = (id, head, time, one.Type);
            values[4].Value = Array(one.Data);
            values[5].Value = (long)Checksum.Of(id, head, time, one.Type, one.Data.Span);
            insert.ExecuteNonQuery();
        }
        _heads[append.Stream] = (id, head);
        return new Verdict(head);
    }

    Verdict Save(RecordWrite.Snapshot save)
    {
        var (id, head) = HeadOf(save.Stream);
        var revision = save.State.Revision;
        if (revision < 1 || revision > head)
            return new Verdict(head, new Fault.Invalid(
                save.Stream, $"A snapshot of stream {save.Stream} at revision {revision} cannot be kept: the stream has revisions 1 to {head}."));
        using var upsert = _connection.Prepare("""
            insert into snapshot(stream, revision, data, checksum) values($stream, $revision, $data, $checksum)
            on conflict(stream) do update set revision = excluded.revision, data = excluded.data, checksum = excluded.checksum
            where excluded.revision >= revision
            """, "$stream", "$revision", "$data", "$checksum");
        var values = upsert.Parameters;
        (values[0].Value, values[1].Value, values[2].Value) = (id, revision, Array(save.State.Data));
        values[3].Value = (long)Checksum.Of(id, revision, time: 0, type: "", save.State.Data.Span);
        if (upsert.ExecuteNonQuery() == 0)
            return new Verdict(head, new Fault.Conflict($"Stream {save.Stream} has a newer snapshot than that at revision {revision}."));
        if (save.Forget)
        {
            using var delete = _connection.Prepare("delete from event where stream = $stream and revision <= $revision", "$stream", "$revision");
            (delete.Parameters[0].Value, delete.Parameters[1].Value) = (id, revision);
            delete.ExecuteNonQuery();
        }
        return new Verdict(head);
    }

    (long Id, long Head) HeadOf(string stream) => _heads.TryGetValue(stream, out var moved) ? moved : _committed[stream];

    long AddStream(string name)
    {
        using var insert = _connection.Prepare("insert into stream(name, head) values($name, 0) returning id", "$name");
        insert.Parameters[0].Value = name;
        return (long)insert.ExecuteScalar()!;
    }

    static byte[] Array(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Array is { } whole && segment.Count == whole.Length ? whole : memory.ToArray();

    /// <param name="Head">The stream's head after the write.</param>
    public readonly record struct Verdict(long Head, Fault? Fault = null);
}

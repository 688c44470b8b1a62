using System.Runtime.CompilerServices;
using Allotrope.Kernel;

namespace Allotrope.Record;

/// <summary>The record of one node, in one SQLite file with a write-ahead log. Survives <c>kill -9</c> and loss of power.</summary>
public sealed class SqliteRecord : IRecord
{
    readonly RecordFile _file;
    readonly StreamHeads _heads = new();
    readonly RecordReader _reader;
    readonly RecordWriter? _writer;

    SqliteRecord(RecordFile file, TimeProvider? time)
    {
        _file = file;
        _reader = new RecordReader(file);
        try
        {
            var connection = time is null ? file.OpenReader() : file.OpenWriter();
            try
            {
                RecordSchema.Check(connection, file.Path);
                _heads.Load(connection);
                if (time is null)
                    connection.Dispose();
                else
                    _writer = new RecordWriter(file, connection, _heads, time);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception error)
        {
            file.Dispose();
            if (SqliteFault.Covers(error))
                throw SqliteFault.Of(error, file.Path);
            throw;
        }
    }

    /// <summary>Opens the record at <paramref name="path"/> for reading and writing, making it when it is new. The folder must exist.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Conflict"/> when another process has it open, <see cref="Fault.Damaged"/> when the file is no record, is damaged, or is of a
    /// newer version; <see cref="Fault.NotFound"/> without SQLite; <see cref="Fault.Refused"/> without the right to write.
    /// </exception>
    public static SqliteRecord Open(string path, TimeProvider time) => new(RecordFile.ForWriting(path), time);

    /// <summary>
    /// Opens the record for reading what it holds now, also while a node writes to it. Appending and waiting are refused.
    /// </summary>
    /// <exception cref="FaultException">As for <see cref="Open"/>; <see cref="Fault.NotFound"/> when there is no such file.</exception>
    public static SqliteRecord OpenReadOnly(string path) => new(RecordFile.ForReading(path), time: null);

    public ValueTask<long> AppendAsync(
        string stream, long expectedRevision, IReadOnlyList<RecordEvent> events, CancellationToken cancellation = default)
    {
        CheckName(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedRevision, IRecord.AnyRevision);
        if (events.Count > RecordLimits.EventsPerAppend)
            throw Invalid(stream, $"{events.Count} events in one append; {RecordLimits.EventsPerAppend} are the most: split them.");
        foreach (var one in events)
        {
            if (one.Type.Length is 0 or > RecordLimits.TypeLength)
                throw Invalid(stream, $"The type of an event has {one.Type.Length} characters; 1 to {RecordLimits.TypeLength} are allowed.");
            if (one.Data.Length > RecordLimits.EventLength)
                throw Invalid(stream, $"An event has {one.Data.Length} bytes; {RecordLimits.EventLength} are the most.");
        }
        return Writer().WriteAsync(new RecordWrite.Append(stream, expectedRevision, events), cancellation);
    }

    public IAsyncEnumerable<RecordedEvent> ReadAsync(string stream, long afterRevision = 0, CancellationToken cancellation = default)
    {
        CheckName(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(afterRevision);
        var (id, head) = _heads[stream];
        return ReadAsync(stream, id, afterRevision, head, cancellation);
    }

    public ValueTask<long> WaitAsync(string stream, long afterRevision, CancellationToken cancellation = default)
    {
        CheckName(stream);
        Writer();
        return _heads.WaitAsync(stream, afterRevision, cancellation);
    }

    public ValueTask<RecordSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation = default)
    {
        CheckName(stream);
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Translate(() => _reader.ReadSnapshot(stream, _heads[stream].Id)));
    }

    public async ValueTask SaveSnapshotAsync(string stream, RecordSnapshot snapshot, bool forget = false, CancellationToken cancellation = default)
    {
        CheckName(stream);
        if (snapshot.Data.Length > RecordLimits.SnapshotLength)
            throw Invalid(stream, $"A snapshot has {snapshot.Data.Length} bytes; {RecordLimits.SnapshotLength} are the most.");
        await Writer().WriteAsync(new RecordWrite.Snapshot(stream, snapshot, forget), cancellation);
    }

    /// <summary>Writes what was accepted, then closes the file and lets another process open it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
        _heads.Close();
        _file.Dispose();
    }

    async IAsyncEnumerable<RecordedEvent> ReadAsync(
        string stream, long id, long after, long head, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (after < head)
        {
            cancellation.ThrowIfCancellationRequested();
            var from = after;
            var page = Translate(() => _reader.ReadPage(stream, id, from, head));
            foreach (var one in page)
                yield return one;
            after += page.Count;
        }
    }

    T Translate<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (SqliteFault.Covers(error))
        {
            throw SqliteFault.Of(error, _file.Path);
        }
    }

    RecordWriter Writer() => _writer ?? throw new FaultException(new Fault.Refused(
        $"The record {_file.Path} is open for reading only: nothing can be appended to it or waited for."));

    static void CheckName(string stream)
    {
        if (stream.Length is 0 or > RecordLimits.StreamLength)
            throw Invalid(stream, $"The name of a stream has {stream.Length} characters; 1 to {RecordLimits.StreamLength} are allowed.");
    }

    static FaultException Invalid(string stream, string message) => new(new Fault.Invalid(stream, message));
}

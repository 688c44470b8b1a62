using System.Runtime.CompilerServices;

namespace Allotrope.Record;

/// <summary>A stream of changes that one owner appends to, with snapshots in place of what is long past. Not safe for concurrent use.</summary>
/// <param name="record">Where it is; not owned.</param>
/// <param name="name">Of the stream.</param>
/// <param name="codec">How its changes are written.</param>
public sealed class JournalStream<TChange>(IRecord record, string name, JournalCodec<TChange> codec)
{
    /// <summary>Bytes of events below which no snapshot is worth its writing.</summary>
    const long SmallestJournal = 1024 * 1024;

    long _length; // bytes of events since the newest snapshot
    long _enough = SmallestJournal; // bytes of events that the next one is made for

    /// <summary>The revision of the newest change that was read or appended.</summary>
    public long Head { get; private set; }

    /// <summary>All that is there, from the newest snapshot on. Read to its end, and once.</summary>
    public async IAsyncEnumerable<TChange> ReplayAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (await record.ReadSnapshotAsync(name, cancellation) is { } snapshot)
        {
            foreach (var change in codec.ReadSnapshot(snapshot))
                yield return change;
            Head = snapshot.Revision;
            _enough = EnoughAfter(snapshot.Data.Length);
        }
        await foreach (var one in record.ReadAsync(name, Head, cancellation))
        {
            yield return codec.Read(one);
            (Head, _length) = (one.Revision, _length + one.Data.Length);
        }
    }

    /// <summary>What came after <see cref="Head"/>, all or, when it throws, nothing of it.</summary>
    public async Task<List<TChange>> ReadOnAsync()
    {
        List<TChange> changes = [];
        var (head, length) = (Head, _length);
        await foreach (var one in record.ReadAsync(name, head))
        {
            changes.Add(codec.Read(one));
            (head, length) = (one.Revision, length + one.Data.Length);
        }
        (Head, _length) = (head, length);
        return changes;
    }

    /// <exception cref="Kernel.FaultException"><see cref="Kernel.Fault.Conflict"/> when the stream has gone on beyond <see cref="Head"/>.</exception>
    public async Task AppendAsync(List<TChange> changes)
    {
        var events = changes.ConvertAll(change => codec.Write(change));
        Head = await record.AppendAsync(name, Head, events);
        _length += events.Sum(one => (long)one.Data.Length);
    }

    /// <summary>
    /// Replaces the events by a snapshot when they have grown to twice the last one, which bounds both the file and the time to open it, and
    /// costs no more than a small multiple of what was written.
    /// </summary>
    /// <param name="copy">Gives the state at <see cref="Head"/>.</param>
    public async Task SnapshotIfWorthwhileAsync(Func<byte[]> copy)
    {
        if (_length < _enough)
            return;
        try
        {
            var data = copy();
            await record.SaveSnapshotAsync(name, new RecordSnapshot(Head, data), forget: true);
            (_length, _enough) = (0, EnoughAfter(data.Length));
        }
        catch (Exception)
        {
            // Nothing is lost, the events are there. Later, because to copy a large state for each write would be dear.
            RecordMeter.SnapshotFaults.Add(1);
            _enough = 2 * _length;
        }
    }

    static long EnoughAfter(int snapshot) => Math.Max(SmallestJournal, 2L * snapshot);
}

/// <summary>How changes are written as events and snapshots.</summary>
/// <param name="Write">Makes an event of a change.</param>
/// <param name="Read">Makes the change of an event; a fault it throws says that the event is damaged.</param>
/// <param name="ReadSnapshot">The same of a snapshot: the changes that come to what it has.</param>
public sealed record JournalCodec<TChange>(
    Func<TChange, RecordEvent> Write, Func<RecordedEvent, TChange> Read, Func<RecordSnapshot, IEnumerable<TChange>> ReadSnapshot);

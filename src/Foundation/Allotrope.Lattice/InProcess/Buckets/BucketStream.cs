using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Lattice;

/// <summary>The stream <c>bucket.{name}</c> of the record that holds a durable bucket. The revisions of the two are the same.</summary>
sealed class BucketStream(IRecord record, string name)
{
    /// <summary>Bytes of events below which no snapshot is worth its writing.</summary>
    const long SmallestJournal = 1024 * 1024;

    readonly string _stream = "bucket." + name;
    long _head;
    long _length; // bytes of events since the newest snapshot

    public async Task<BucketState> ReplayAsync()
    {
        var state = new BucketState();
        if (await record.ReadSnapshotAsync(_stream) is { } snapshot)
        {
            foreach (var change in BucketCodec.ReadSnapshot(_stream, snapshot))
                state.Apply(change);
            state.Advance(snapshot.Revision);
        }
        await foreach (var one in record.ReadAsync(_stream, state.Revision))
        {
            state.Apply(BucketCodec.Read(one));
            _length += one.Data.Length;
        }
        _head = state.Revision;
        return state;
    }

    public async Task AppendAsync(List<BucketChange> changes)
    {
        List<RecordEvent> events = changes.ConvertAll(change => BucketCodec.Write(change));
        _head = await record.AppendAsync(_stream, _head, events);
        _length += events.Sum(one => (long)one.Data.Length);
    }

    /// <summary>
    /// Replaces the events by a snapshot when they have grown to twice the state, which bounds both the file and the time to open it, and costs
    /// no more than half a write for each write.
    /// </summary>
    public async Task SnapshotIfWorthwhileAsync(Func<(long Revision, long Length, List<HeldValue> All)> copy)
    {
        if (_length < SmallestJournal)
            return;
        var (revision, length, all) = copy();
        if (_length < 2 * length)
            return;
        try
        {
            await record.SaveSnapshotAsync(_stream, new RecordSnapshot(revision, BucketCodec.WriteSnapshot(all)), forget: true);
            _length = 0;
        }
        catch (FaultException)
        {
            LatticeMeter.SnapshotFaults.Add(1); // nothing is lost: the events are there, and the next write tries again
        }
    }
}

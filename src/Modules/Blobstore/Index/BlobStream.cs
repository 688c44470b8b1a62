using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Blobstore;

/// <summary>The stream <c>blobs.{provider}</c> of the record, with snapshots in place of what is long past.</summary>
sealed class BlobStream(IRecord record, string provider)
{
    /// <summary>Events below which no snapshot is worth its writing.</summary>
    const int FewestEvents = 4096;

    readonly string _stream = "blobs." + provider;
    long _head;
    long _events; // since the newest snapshot

    public async Task<BlobState> ReplayAsync(CancellationToken cancellation)
    {
        var (state, uses) = (BlobState.Empty, new ContentUses());
        if (await record.ReadSnapshotAsync(_stream, cancellation) is { } snapshot)
        {
            foreach (var change in BlobCodec.ReadSnapshot(snapshot.Data.Span))
                state = state.With(change, uses);
            _head = snapshot.Revision;
        }
        await foreach (var one in record.ReadAsync(_stream, _head, cancellation))
        {
            state = state.With(BlobCodec.Read(one.Type, one.Data.Span), uses);
            (_head, _events) = (one.Revision, _events + 1);
        }
        return state;
    }

    public async Task AppendAsync(List<BlobChange> changes)
    {
        _head = await record.AppendAsync(_stream, _head, changes.ConvertAll(BlobCodec.Write));
        _events += changes.Count;
    }

    /// <summary>When there are twice as many events as things: it costs no more than half a write for each write.</summary>
    public async Task SnapshotIfWorthwhileAsync(BlobState state)
    {
        if (_events < FewestEvents || _events < 2L * (state.Objects + state.Containers.Count))
            return;
        try
        {
            await record.SaveSnapshotAsync(_stream, new RecordSnapshot(_head, BlobCodec.WriteSnapshot(state)), forget: true);
            _events = 0;
        }
        catch (FaultException)
        {
            // Nothing is lost: the events are there, and the next write tries again.
        }
    }
}

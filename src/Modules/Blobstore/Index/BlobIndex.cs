using System.Runtime.ExceptionServices;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Blobstore;

/// <summary>Decides what a change comes to, given what is there; a fault it throws is the caller's answer. It may be asked again.</summary>
delegate IReadOnlyList<BlobChange> BlobDecision(BlobState state);

/// <summary>What a provider keeps: the stream <c>blobs.{provider}</c> of the record. Changes are decided one after the other.</summary>
sealed class BlobIndex : IJournaled<BlobDecision, Exception?, BlobChange>, IAsyncDisposable
{
    /// <summary>The first event of a stream: no container is called so, and so it says nothing but that the record knows the store.</summary>
    static readonly BlobChange Known = new BlobChange.Deleted(new("", ""));

    readonly Journal<BlobDecision, Exception?, BlobChange> _journal;
    readonly ContentFolder _contents;
    readonly Dictionary<Guid, BlobContent> _perhaps = []; // in use, because the record may yet have an object with it
    volatile BlobState _state;

    BlobIndex(JournalStream<BlobChange> stream, BlobState state, ContentFolder contents)
    {
        (_state, _contents) = (state, contents);
        _journal = new(stream, this);
    }

    /// <summary>Reads what is in the record.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when the record is not the one that the contents belong to.</exception>
    public static async Task<BlobIndex> OpenAsync(IRecord record, string provider, ContentFolder contents, CancellationToken cancellation)
    {
        var stream = new JournalStream<BlobChange>(record, "blobs." + provider, BlobCodec.Journal);
        var state = BlobState.Empty;
        await foreach (var change in stream.ReplayAsync(cancellation))
            state = state.With(change);
        if (stream.Head == 0)
        {
            contents.CheckEmpty();
            await stream.AppendAsync([Known]);
        }
        return new(stream, state, contents);
    }

    /// <summary>What is there now.</summary>
    public BlobState State => _state;

    /// <summary>Completes when the changes are on disk.</summary>
    /// <exception cref="FaultException">That of the decision, or of the record.</exception>
    public async Task ChangeAsync(BlobDecision decide, CancellationToken cancellation)
    {
        try
        {
            if (await _journal.WriteAsync(decide, cancellation) is { } error)
                ExceptionDispatchInfo.Throw(error);
        }
        catch (ObjectDisposedException error)
        {
            throw new FaultException(new Fault.Unreachable("The store is being stopped: try again when it runs."), error);
        }
    }

    /// <summary>Awaits the changes that were accepted.</summary>
    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    List<Exception?> IJournaled<BlobDecision, Exception?, BlobChange>.Decide(List<BlobDecision> writes, List<BlobChange> changes)
    {
        var next = _state;
        List<Exception?> verdicts = [];
        foreach (var decide in writes)
        {
            try
            {
                var wanted = decide(next);
                next = wanted.Aggregate(next, (state, change) => state.With(change));
                changes.AddRange(wanted);
                verdicts.Add(null);
            }
            catch (Exception error)
            {
                verdicts.Add(error);
            }
        }
        foreach (var put in changes.OfType<BlobChange.Put>())
            if (_perhaps.TryAdd(put.Object.Content.File, put.Object.Content))
                _contents.Begin(put.Object.Content);
        return verdicts;
    }

    void IJournaled<BlobDecision, Exception?, BlobChange>.Apply(List<BlobChange> changes)
    {
        var uses = new ContentUses();
        var next = changes.Aggregate(_state, (state, change) => state.With(change, uses));
        // In this order, so that whoever finds an object finds its content in use, or looks again and finds another object
        uses.Begun.ForEach(_contents.Begin);
        _state = next;
        uses.Ended.ForEach(_contents.End);
        // The record has gone on, so that nothing comes any more of an append that failed before
        foreach (var content in _perhaps.Values)
            _contents.End(content);
        _perhaps.Clear();
    }

    byte[] IJournaled<BlobDecision, Exception?, BlobChange>.Copy() => BlobCodec.WriteSnapshot(_state);
}

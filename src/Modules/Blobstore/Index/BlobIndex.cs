using System.Threading.Channels;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Blobstore;

/// <summary>Decides what a change comes to, given what is there; a fault it throws is the caller's answer.</summary>
delegate IReadOnlyList<BlobChange> BlobDecision(BlobState state);

/// <summary>
/// What a provider keeps, as events of the record. Changes are decided one after the other, and while some are on their way to the disk the next ones gather, so
/// that many at once share one append. What is not on disk is seen by nobody.
/// </summary>
sealed class BlobIndex : IAsyncDisposable
{
    const int WritesPerBatch = 256;

    readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(1024) { SingleReader = true });
    readonly BlobStream _stream;
    readonly ContentFolder _contents;
    readonly Task _loop;
    volatile BlobState _state;

    BlobIndex(BlobStream stream, BlobState state, ContentFolder contents)
    {
        (_stream, _state, _contents) = (stream, state, contents);
        _loop = RunAsync();
    }

    /// <summary>Reads what is in the record.</summary>
    public static async Task<BlobIndex> OpenAsync(IRecord record, string provider, ContentFolder contents, CancellationToken cancellation)
    {
        var stream = new BlobStream(record, provider);
        return new(stream, await stream.ReplayAsync(cancellation), contents);
    }

    /// <summary>What is there now.</summary>
    public BlobState State => _state;

    /// <summary>Completes when the changes are on disk.</summary>
    /// <exception cref="FaultException">That of the decision, or of the record.</exception>
    public async Task ChangeAsync(BlobDecision decide, CancellationToken cancellation)
    {
        var waiting = new Waiting(decide);
        try
        {
            await _waiting.Writer.WriteAsync(waiting, cancellation);
        }
        catch (ChannelClosedException error)
        {
            throw new FaultException(new Fault.Unreachable("The store is being stopped: try again when it runs."), error);
        }
        await waiting.Done.Task;
    }

    /// <summary>Awaits the changes that were accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    async Task RunAsync()
    {
        List<Waiting> batch = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < WritesPerBatch && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            await WriteAsync(batch);
            batch.Clear();
            await _stream.SnapshotIfWorthwhileAsync(_state);
        }
    }

    async Task WriteAsync(List<Waiting> batch)
    {
        var (next, uses) = (_state, new ContentUses());
        List<BlobChange> changes = [];
        List<Waiting> decided = [];
        foreach (var one in batch)
        {
            try
            {
                var wanted = one.Decide(next);
                foreach (var change in wanted)
                    next = next.With(change, uses);
                changes.AddRange(wanted);
                decided.Add(one);
            }
            catch (Exception error)
            {
                one.Done.SetException(error);
            }
        }
        try
        {
            if (changes.Count > 0)
                await _stream.AppendAsync(changes);
        }
        catch (Exception error)
        {
            foreach (var one in decided)
                one.Done.SetException(error is FaultException { Fault: var fault } ? new FaultException(fault, error) : error);
            return;
        }
        // In this order, so that whoever finds an object finds its content in use, or looks again and finds another object
        uses.Begun.ForEach(_contents.Begin);
        _state = next;
        uses.Ended.ForEach(_contents.End);
        foreach (var one in decided)
            one.Done.SetResult();
    }

    sealed record Waiting(BlobDecision Decide)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

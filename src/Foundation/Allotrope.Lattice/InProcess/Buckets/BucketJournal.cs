using System.Threading.Channels;
using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>
/// Makes a bucket's writes durable in the order they are decided. While one batch is on its way to the disk the next one gathers, so that many
/// concurrent writes share one append.
/// </summary>
sealed class BucketJournal : IAsyncDisposable
{
    const int WritesPerBatch = 512;

    readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(LatticeLimits.WaitingWrites) { SingleReader = true });
    readonly Func<List<BucketWrite>, List<BucketVerdict>> _decide;
    readonly Action<List<BucketChange>> _apply;
    readonly Func<(long Revision, long Length, List<HeldValue> All)> _copy;
    readonly BucketStream _stream;
    readonly Task _loop;

    public BucketJournal(
        BucketStream stream,
        Func<List<BucketWrite>, List<BucketVerdict>> decide,
        Action<List<BucketChange>> apply,
        Func<(long Revision, long Length, List<HeldValue> All)> copy)
    {
        (_stream, _decide, _apply, _copy) = (stream, decide, apply, copy);
        _loop = RunAsync();
    }

    /// <summary>Completes when the change is on disk, or with why it was not made.</summary>
    public async ValueTask<BucketVerdict> WriteAsync(BucketWrite write, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<BucketVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _waiting.Writer.WriteAsync(new Waiting(write, done), cancellation);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The bucket is closed.", error);
        }
        return await done.Task;
    }

    /// <summary>Writes without anybody waiting; false when there is no room.</summary>
    public bool TryPost(BucketWrite write) => _waiting.Writer.TryWrite(new Waiting(write, Done: null));

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
            await WriteBatchAsync(batch);
            batch.Clear();
            await _stream.SnapshotIfWorthwhileAsync(_copy);
        }
    }

    async Task WriteBatchAsync(List<Waiting> batch)
    {
        try
        {
            var verdicts = _decide(batch.ConvertAll(one => one.Write));
            List<BucketChange> changes = [.. verdicts.Where(one => one.Change is not null).Select(one => one.Change!.Value)];
            if (changes is not [])
                await _stream.AppendAsync(changes);
            _apply(changes);
            foreach (var (one, verdict) in batch.Zip(verdicts))
                one.Done?.SetResult(verdict);
        }
        catch (Exception error)
        {
            foreach (var one in batch)
                one.Done?.TrySetException(error is FaultException { Fault: var fault } ? new FaultException(fault, error) : error);
        }
    }

    readonly record struct Waiting(BucketWrite Write, TaskCompletionSource<BucketVerdict>? Done);
}

using System.Threading.Channels;
using Allotrope.Kernel;

namespace Allotrope.Record;

/// <summary>
/// Makes the writes to a state durable in the order they are decided. While one batch is on its way to the disk the next one gathers, so that many
/// concurrent writes share one append. What is not on disk is seen by nobody.
/// </summary>
/// <remarks>
/// An append that fails may have been written. So what follows in the stream is read before anything else is decided, and whatever is there has
/// happened; the callers have been told that it failed, since nobody knows that it was brought to disk.
/// </remarks>
public sealed class Journal<TWrite, TVerdict, TChange> : IAsyncDisposable
{
    /// <summary>How often a batch is decided that others are in the way of: an append that was thought lost is one, and there is no second of that kind.</summary>
    const int Attempts = 3;

    readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(RecordLimits.WaitingWrites) { SingleReader = true });
    readonly JournalStream<TChange> _stream;
    readonly IJournaled<TWrite, TVerdict, TChange> _state;
    readonly Task _loop;
    bool _isInDoubt; // whether the stream may have gone on beyond the state

    /// <param name="stream">Whose changes <paramref name="state"/> has; only the journal uses it from here on.</param>
    /// <param name="state">What is made durable. Only the journal changes it from here on.</param>
    public Journal(JournalStream<TChange> stream, IJournaled<TWrite, TVerdict, TChange> state)
    {
        (_stream, _state) = (stream, state);
        _loop = RunAsync();
    }

    /// <summary>Completes when what was decided is on disk. Once there was room for it, it is no longer cancelled.</summary>
    /// <exception cref="FaultException">That of the record.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public async ValueTask<TVerdict> WriteAsync(TWrite write, CancellationToken cancellation = default)
    {
        var done = new TaskCompletionSource<TVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _waiting.Writer.WriteAsync(new Waiting(write, done, Failed: null), cancellation);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The journal is closed.", error);
        }
        return await done.Task;
    }

    /// <summary>Writes without anybody waiting; false when there is no room.</summary>
    /// <param name="write">What is wanted.</param>
    /// <param name="failed">Called when the record did not say that it is there.</param>
    public bool TryPost(TWrite write, Action failed) => _waiting.Writer.TryWrite(new Waiting(write, Done: null, failed));

    /// <summary>Awaits the writes that were accepted.</summary>
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
            while (batch.Count < RecordLimits.WritesPerAppend && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            await AnswerAsync(batch);
            batch.Clear();
            if (!_isInDoubt)
                await _stream.SnapshotIfWorthwhileAsync(_state.Copy);
        }
    }

    async Task AnswerAsync(List<Waiting> batch)
    {
        try
        {
            var verdicts = await WriteAsync(batch.ConvertAll(one => one.Write));
            foreach (var (one, verdict) in batch.Zip(verdicts))
                one.Done?.SetResult(verdict);
        }
        catch (Exception error)
        {
            foreach (var one in batch)
            {
                one.Done?.TrySetException(error is FaultException { Fault: var fault } ? new FaultException(fault, error) : error);
                one.Failed?.Invoke();
            }
        }
    }

    async Task<List<TVerdict>> WriteAsync(List<TWrite> writes)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_isInDoubt)
                await ReadOnAsync();
            List<TChange> changes = [];
            var verdicts = _state.Decide(writes, changes);
            try
            {
                if (changes is not [])
                    await _stream.AppendAsync(changes);
            }
            catch (Exception error)
            {
                _isInDoubt = true;
                if (error is FaultException { Fault: Fault.Conflict } && attempt < Attempts)
                    continue; // what was thought lost is there
                await TryReadOnAsync(); // so that who is told of the failure finds what there is
                throw;
            }
            _state.Apply(changes);
            return verdicts;
        }
    }

    async Task ReadOnAsync()
    {
        var found = await _stream.ReadOnAsync();
        _isInDoubt = false;
        if (found is not [])
            _state.Apply(found);
    }

    async Task TryReadOnAsync()
    {
        try
        {
            await ReadOnAsync();
        }
        catch (Exception)
        {
            // The first failure is what the callers are told. The doubt stays, so the next write reads on or says why it cannot.
        }
    }

    readonly record struct Waiting(TWrite Write, TaskCompletionSource<TVerdict>? Done, Action? Failed);
}

using System.Buffers;
using System.IO.Pipelines;

namespace Allotrope.Wasi.Io;

/// <summary>Reads from a pipe; <c>PipeReader.Create</c> makes one of any stream. Its writer waits when the guest does not read.</summary>
/// <param name="reader">Nobody else reads from it.</param>
/// <param name="complete">Whether dropping the stream completes the reader.</param>
public sealed class PipeInput(PipeReader reader, bool complete = true) : InputStream
{
    // A read that waits is never called off, because its bytes could be lost then: it is kept for the guest's next look.
    Task<ReadResult>? _pending;
    bool _ended, _dropped;

    public override bool Ready => _ended || BeginAsync().IsCompleted;

    public override async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (!_ended)
            await ((Task)BeginAsync().WaitAsync(cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    protected override bool TryTake(int most, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (_ended)
            return false;
        var read = BeginAsync();
        if (!read.IsCompleted || (most == 0 && read.IsCompletedSuccessfully && !IsEnd(read.Outcome)))
            return true;
        _pending = null;
        _ended = !read.IsCompletedSuccessfully || IsEnd(read.Outcome);
        var buffer = read.Outcome.Buffer;
        var taken = buffer.Slice(0, Math.Min(most, buffer.Length));
        bytes = taken.ToArray();
        // What is left counts as not looked at, so that the next read has it at once.
        reader.AdvanceTo(taken.End);
        return !_ended;
    }

    static bool IsEnd(ReadResult read) => read is { IsCompleted: true, Buffer.IsEmpty: true };

    Task<ReadResult> BeginAsync() => _pending ??= reader.ReadAsync(CancellationToken.None).AsTask();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing || _dropped)
            return;
        _dropped = _ended = true;
        if (_pending is { } pending)
        {
            reader.CancelPendingRead();
            _ = pending.ContinueWith(Release, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        else if (complete)
        {
            reader.Complete();
        }
    }

    void Release(Task<ReadResult> read)
    {
        if (read.IsCompletedSuccessfully)
            reader.AdvanceTo(read.Outcome.Buffer.Start);
        if (complete)
            reader.Complete();
    }
}

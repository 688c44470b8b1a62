using System.Buffers;
using System.IO.Pipelines;

namespace Allotrope.Wasi.Io;

/// <summary>Writes to a pipe; <c>PipeWriter.Create</c> makes one of any stream. The guest is given no room while its reader is behind.</summary>
/// <param name="writer">Nobody else writes to it.</param>
/// <param name="complete">Whether dropping the stream completes the writer.</param>
public sealed class PipeOutput(PipeWriter writer, bool complete = true) : OutputStream
{
    readonly Lock _gate = new();

    /// <summary>What was written during a flush: the writers of streams take nothing meanwhile. No more than a check-write permitted.</summary>
    readonly ArrayBufferWriter<byte> _later = new();

    /// <summary>True when the reader wants more.</summary>
    Task<bool>? _flush;
    bool _flushing, _dropped;

    public override bool Ready => _flush is null or { IsCompleted: true };

    public override async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (_flush is { } flush)
            await ((Task)flush.WaitAsync(cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    protected override int? Room()
    {
        if (_flush is not { } flush)
            return Chunk;
        if (!flush.IsCompleted)
            return 0;
        _flush = null;
        return flush.Outcome ? Chunk : null;
    }

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_flushing)
                _later.Write(bytes);
            else
                writer.Write(bytes);
            Start();
        }
    }

    protected override void BeginFlush()
    {
        lock (_gate)
            Start();
    }

    void Start()
    {
        if (_flushing || _flush is { IsFaulted: true })
            return;
        _flushing = true;
        _flush = FlushAsync();
    }

    async Task<bool> FlushAsync()
    {
        try
        {
            while (true)
            {
                var flushed = await writer.FlushAsync(CancellationToken.None);
                lock (_gate)
                {
                    if (flushed.IsCompleted || _later.WrittenCount == 0)
                    {
                        _flushing = false;
                        return !flushed.IsCompleted;
                    }

                    writer.Write(_later.WrittenSpan);
                    _later.Clear();
                }
            }
        }
        catch
        {
            lock (_gate)
                _flushing = false;
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing || _dropped)
            return;
        _dropped = true;
        if (!complete)
            return;
        if (_flush is { IsCompleted: false } flush)
            _ = flush.ContinueWith(_ => writer.Complete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else
            writer.Complete();
    }
}

using System.Buffers;
using System.IO.Pipelines;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>Reads a body for its stream, and what is left of it for its trailers. One of them at a time, as the guest's handles have it.</summary>
sealed class BodyReader(IBodySource source, HttpHoldings holdings) : IWaitable
{
    // A read that waits is never called off, because its bytes could be lost then: it is kept for the next look.
    Task<ReadResult>? _pending;
    bool _ended;

    public bool Ready => _ended || BeginAsync().IsCompleted;

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (!_ended)
            await ((Task)BeginAsync().WaitAsync(cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <returns>False at the end.</returns>
    /// <exception cref="HttpFailure">The body broke off.</exception>
    public bool TryTake(int most, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (_ended)
            return false;
        var read = BeginAsync();
        if (!read.IsCompleted || (most == 0 && read.IsCompletedSuccessfully && !IsEnd(read.Outcome)))
            return true;
        var buffer = Take(read).Buffer;
        var taken = buffer.Slice(0, Math.Min(most, buffer.Length));
        bytes = taken.ToArray();
        if (!bytes.IsEmpty)
            holdings.Moved?.Invoke();
        source.Reader.AdvanceTo(taken.End); // what is left counts as not looked at, so that the next read has it at once
        return !_ended;
    }

    /// <summary>Reads to the end and gives what follows it. Nobody reads it afterwards, also when it has broken off.</summary>
    /// <exception cref="HttpFailure">The body broke off.</exception>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>?> FinishAsync(CancellationToken stop)
    {
        try
        {
            while (!_ended)
            {
                var pending = BeginAsync();
                await ((Task)pending.WaitAsync(stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stop.ThrowIfCancellationRequested();
                source.Reader.AdvanceTo(Take(pending).Buffer.End);
            }

            var trailers = source.Trailers;
            source.Abandon();
            return trailers;
        }
        catch (HttpFailure)
        {
            source.Abandon();
            throw;
        }
    }

    ReadResult Take(Task<ReadResult> read)
    {
        _pending = null;
        try
        {
            var result = read.Outcome;
            _ended = IsEnd(result);
            return result;
        }
        catch (Exception e)
        {
            _ended = true;
            throw e as HttpFailure ?? new HttpFailure(new ErrorCode.ConnectionTerminated(), e);
        }
    }

    static bool IsEnd(ReadResult read) => read is { IsCompleted: true, Buffer.IsEmpty: true };

    Task<ReadResult> BeginAsync() => _pending ??= source.Reader.ReadAsync(CancellationToken.None).AsTask();
}

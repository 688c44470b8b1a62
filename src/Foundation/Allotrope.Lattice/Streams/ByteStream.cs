using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Allotrope.Lattice;

/// <summary>
/// Bytes that travel beside a request or a reply (<see cref="Message.Body"/>) while both sides work on them. A pipe in memory with back pressure:
/// the writer waits for the reader, so that a body of any length takes <see cref="LatticeLimits.StreamCapacity"/> bytes. One side writes and
/// ends with <see cref="Complete"/> or <see cref="Fail"/>; the other reads and ends with <see cref="Abandon"/>, in whatever state it is.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "a token source without a timer holds nothing, and the other side may register at any time")]
public sealed class ByteStream
{
    readonly Pipe _pipe;
    readonly CancellationTokenSource _abandoned = new();
    int _ended;

    /// <param name="capacity">Bytes that may be written and not yet read before the writer waits; at least 2.</param>
    public ByteStream(int capacity = LatticeLimits.StreamCapacity) => _pipe = new Pipe(new PipeOptions(
        pauseWriterThreshold: capacity, resumeWriterThreshold: capacity / 2, useSynchronizationContext: false));

    /// <summary>For the side that sends. A flush that says it is completed means that nobody reads any more.</summary>
    public PipeWriter Writer => _pipe.Writer;

    /// <summary>For the side that receives. Reading throws what the writer failed with.</summary>
    public PipeReader Reader => _pipe.Reader;

    /// <summary>What the writer said after the last byte, if anything; to be asked when the reader has seen the end.</summary>
    public Headers? Trailers { get; private set; }

    /// <summary>What the writer failed with; null when it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Cancelled when the reader has gone before the writer ended the stream.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Why the reader has gone, as it said itself, if it did; to be asked when <see cref="Abandoned"/> is cancelled.</summary>
    public string? Reason { get; private set; }

    /// <summary>Ends the stream. What comes after the first end is ignored.</summary>
    public void Complete(Headers? trailers = null)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        Trailers = trailers;
        _pipe.Writer.Complete();
    }

    /// <summary>Ends the stream as broken: the reader must not take what it has for the whole.</summary>
    public void Fail(Exception why)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        Failure = why;
        _pipe.Writer.Complete(why);
    }

    /// <summary>The reader wants no more. Not to be called while a read is under way.</summary>
    /// <param name="why">For people, as in "the client left"; the first reason counts.</param>
    public void Abandon(string? why = null)
    {
        Reason ??= why;
        _pipe.Reader.Complete();
        if (Volatile.Read(ref _ended) == 0)
            _abandoned.Cancel();
    }
}

using System.IO.Pipelines;

namespace Allotrope.Wasi.Http;

/// <summary>The body of a guest's request on its way to the peer: the guest waits while more than 64 KiB are.</summary>
public sealed class RequestBody : IBodySink
{
    readonly Pipe _pipe = new();
    readonly Lock _gate = new();
    bool _reading, _looking, _abandoned;

    public PipeWriter Writer => _pipe.Writer;

    /// <remarks>Trailers are not sent: the client of .NET has no way to, and a peer can do without them by definition.</remarks>
    public void Complete(IReadOnlyList<KeyValuePair<string, string>>? trailers) => _pipe.Writer.Complete();

    public void Fail(HttpFailure why) => _pipe.Writer.Complete(why);

    /// <summary>For the one who sends it, between <see cref="TryBegin"/> and <see cref="End"/>.</summary>
    internal PipeReader Reader => _pipe.Reader;

    /// <summary>False when nobody wants it any more, or somebody reads it.</summary>
    internal bool TryBegin()
    {
        lock (_gate)
        {
            if (_abandoned || _reading)
                return false;
            return _reading = true;
        }
    }

    /// <summary>Whoever read reads no more; what is still there may be read by another, unless the body was abandoned meanwhile.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _reading = false;
            if (_abandoned)
                _pipe.Reader.Complete();
        }
    }

    /// <summary>Nobody will read it; the guest's writes end. A reader's memory is not taken from under it.</summary>
    internal void Abandon()
    {
        lock (_gate)
        {
            if (_abandoned)
                return;
            _abandoned = true;
            if (!_reading)
                _pipe.Reader.Complete();
        }
    }

    /// <summary>Whether there is anything in it.</summary>
    /// <param name="wait">
    /// Until the guest has written something or ended the body, or <see cref="Awaited"/> is called, which means that it will not before it has the response.
    /// </param>
    /// <exception cref="HttpFailure">The guest has dropped it unfinished.</exception>
    internal async ValueTask<bool> HasAnyAsync(bool wait, CancellationToken cancellation)
    {
        if (!TryBegin())
            return false;
        try
        {
            if (!wait)
                return !Reader.TryRead(out var now) || Look(now) || !now.IsCompleted;
            lock (_gate)
                _looking = true;
            return Look(await Reader.ReadAsync(cancellation));
        }
        finally
        {
            lock (_gate)
                _looking = false;
            End();
        }
    }

    /// <summary>The guest waits for the response.</summary>
    internal void Awaited()
    {
        lock (_gate)
            if (_looking)
                Reader.CancelPendingRead();
    }

    bool Look(ReadResult read)
    {
        var any = !read.Buffer.IsEmpty;
        Reader.AdvanceTo(read.Buffer.Start); // not looked at: who reads next has it at once
        return any;
    }
}

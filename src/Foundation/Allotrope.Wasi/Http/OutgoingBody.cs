using System.Diagnostics.CodeAnalysis;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>A body that the guest writes, of a request or of a response. Whole only when the guest has finished it.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "the pipe and the stream hold nothing but the sink, which is ended here")]
sealed class OutgoingBody : IOutgoingBody
{
    readonly IBodySink _sink;
    readonly HeldBody _held;
    readonly PipeOutput _pipe;
    readonly ulong? _announced;
    readonly Func<ulong, ErrorCode> _wrongLength;
    readonly CancellationToken _stop;
    BodyOutput? _stream;
    bool _open, _ended, _forsaken;

    /// <param name="sink">Where it goes.</param>
    /// <param name="held">Let go of when the body is over.</param>
    /// <param name="announced">The length that the head says.</param>
    /// <param name="wrongLength">What a body of another length is called.</param>
    /// <param name="stop">Ends what the guest waits for.</param>
    public OutgoingBody(IBodySink sink, HeldBody held, ulong? announced, Func<ulong, ErrorCode> wrongLength, CancellationToken stop)
    {
        (_sink, _held, _announced, _wrongLength, _stop) = (sink, held, announced, wrongLength, stop);
        _pipe = new PipeOutput(sink.Writer, complete: false);
    }

    public bool IsEnded => _ended;

    public bool IsWritten => _announced is { } announced && _stream?.Written == announced;

    public Result<IOutputStream, Unit> Write()
    {
        if (_stream is not null)
            return Result<IOutputStream, Unit>.Fail(default);
        _open = true;
        _stream = new BodyOutput(_pipe, _announced, _wrongLength, _held, () => _open = false) { Stop = _stop };
        if (_forsaken)
            _stream.Close();
        return Result<IOutputStream, Unit>.Ok(_stream);
    }

    /// <summary>The guest has dropped its message, so that nobody will ever read the body.</summary>
    public void Forsake()
    {
        _forsaken = true;
        _stream?.Close();
    }

    /// <summary>The guest has written all of it. It reaches its reader when that has taken what came before.</summary>
    /// <exception cref="ComponentTrap">It still has the body's stream.</exception>
    public Result<Unit, ErrorCode> Finish(Fields? trailers)
    {
        if (_open)
            throw new ComponentTrap("outgoing-body.finish while the body's stream is open: drop the stream first");
        _ended = true;
        _held.LetGo();
        var texts = trailers?.Texts().ToArray();
        trailers?.Dispose();
        var written = _stream?.Written ?? 0;
        if (_announced is { } announced && announced != written)
        {
            var code = _wrongLength(written);
            _ = EndAsync(() => _sink.Fail(new HttpFailure(code)));
            return code;
        }

        _ = EndAsync(() => _sink.Complete(texts));
        return default(Unit);
    }

    /// <summary>Dropped without having been finished, a body is broken off.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        _held.LetGo();
        _ = EndAsync(() => _sink.Fail(new HttpFailure(new ErrorCode.InternalError("the component dropped the body before it was finished"))));
    }

    /// <summary>Ends the body behind what has been written. Held by the reader of the pipe, which lets it go on or goes itself.</summary>
    async Task EndAsync(Action end)
    {
        await _pipe.WaitAsync(CancellationToken.None);
        end();
    }
}

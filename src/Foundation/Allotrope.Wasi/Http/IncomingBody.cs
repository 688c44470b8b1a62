using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>A body that came, of a request or of a response.</summary>
sealed class IncomingBody(IBodySource? source, HttpHoldings holdings, CancellationToken stop) : IIncomingBody
{
    readonly BodyReader? _reader = source is null ? null : new BodyReader(source, holdings);
    bool _given, _open, _finished;

    public Result<IInputStream, Unit> Stream()
    {
        if (_given)
            return Result<IInputStream, Unit>.Fail(default);
        _given = true;
        if (_reader is null)
            return Result<IInputStream, Unit>.Ok(new EmptyInput());
        _open = true;
        return Result<IInputStream, Unit>.Ok(new BodyInput(_reader, () => _open = false) { Stop = stop });
    }

    /// <summary>The guest gives the body back and wants what follows it. What it has not read is read over.</summary>
    /// <exception cref="ComponentTrap">It still has the body's stream.</exception>
    public FutureTrailers Finish()
    {
        if (_open)
            throw new ComponentTrap("incoming-body.finish while the body's stream is open: drop the stream first");
        _finished = true;
        return new FutureTrailers(_reader?.FinishAsync(stop) ?? Task.FromResult<IReadOnlyList<KeyValuePair<string, string>>?>(null), holdings, stop)
        {
            Dropped = source is ResponseSource response ? response.Abandon : null, // a client is read to its end, so that it sees its answer; a peer may never end
        };
    }

    public void Dispose()
    {
        if (!_finished)
            source?.Abandon();
        _finished = true;
    }
}

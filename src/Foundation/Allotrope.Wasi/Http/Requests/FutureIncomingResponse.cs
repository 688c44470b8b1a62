using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>A response that is to come.</summary>
sealed class FutureIncomingResponse(HttpExchange exchange, HttpHoldings holdings, CancellationToken stop) : IFutureIncomingResponse, IWaitable
{
    readonly TaskWaitable _response = new(exchange.Response);
    bool _given;

    public bool Ready => _response.Ready;

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        exchange.Awaited();
        try
        {
            await _response.WaitAsync(cancellation);
        }
        finally
        {
            exchange.AwaitedNoMore();
        }
    }

    public IPollable Subscribe() => new Pollable(this, stop);

    public Result<Result<IIncomingResponse, ErrorCode>, Unit>? Get()
    {
        if (!Ready)
            return null;
        if (_given)
            return Result<Result<IIncomingResponse, ErrorCode>, Unit>.Fail(default);
        _given = true;
        try
        {
            var response = new IncomingResponse(exchange, exchange.Response.Outcome, holdings, stop);
            return Result<Result<IIncomingResponse, ErrorCode>, Unit>.Ok(Result<IIncomingResponse, ErrorCode>.Ok(response));
        }
        catch (HttpFailure failure)
        {
            exchange.Dispose();
            return Result<Result<IIncomingResponse, ErrorCode>, Unit>.Ok(failure.Code);
        }
    }

    /// <summary>A guest that drops it before it has the response does not want that.</summary>
    public void Dispose()
    {
        if (!_given)
            exchange.Dispose();
        _given = true;
    }
}

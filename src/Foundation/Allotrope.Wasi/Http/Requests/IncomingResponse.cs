using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>A response that came for the guest.</summary>
sealed class IncomingResponse(HttpExchange exchange, HttpResponseMessage response, HttpHoldings holdings, CancellationToken stop) : IIncomingResponse
{
    readonly Fields _headers = Fields.Held(HttpExchange.Pairs(response.Headers).Concat(HttpExchange.Pairs(response.Content.Headers)), holdings);
    bool _consumed, _dropped;

    public ushort Status() => (ushort)response.StatusCode;

    public IFields Headers() => _headers.Share();

    public Result<IIncomingBody, Unit> Consume()
    {
        if (_consumed)
            return Result<IIncomingBody, Unit>.Fail(default);
        _consumed = true;
        return Result<IIncomingBody, Unit>.Ok(new IncomingBody(new ResponseSource(exchange), holdings, stop));
    }

    /// <summary>A guest that drops a response whose body it has not taken does not want the body.</summary>
    public void Dispose()
    {
        if (_dropped)
            return;
        _dropped = true;
        _headers.Dispose();
        if (!_consumed)
            exchange.Dispose();
        _consumed = true;
    }
}

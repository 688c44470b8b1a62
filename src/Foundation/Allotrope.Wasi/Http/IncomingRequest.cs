using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>A request that came for the guest.</summary>
/// <param name="method">As the client wrote it.</param>
/// <param name="scheme"><c>http</c>, <c>https</c> or another; null when nobody knows.</param>
/// <param name="headers">Given to the guest as they are; see <see cref="Fields.Of"/>.</param>
/// <param name="body">Null when the request can have none.</param>
/// <param name="holdings">Pay for what the guest copies.</param>
/// <param name="stop">Ends what the guest waits for with the body.</param>
public sealed class IncomingRequest(
    string method, string? scheme, string? authority, string? pathWithQuery, Fields headers, IBodySource? body, HttpHoldings holdings, CancellationToken stop) : IIncomingRequest
{
    bool _consumed;

    public Method Method() => HttpWords.Method(method);

    public Scheme? Scheme() => scheme is null ? null : HttpWords.Scheme(scheme);

    public string? Authority() => authority;

    public string? PathWithQuery() => pathWithQuery;

    public IFields Headers() => headers.Share();

    public Result<IIncomingBody, Unit> Consume()
    {
        if (_consumed)
            return Result<IIncomingBody, Unit>.Fail(default);
        _consumed = true;
        return Result<IIncomingBody, Unit>.Ok(new IncomingBody(body, holdings, stop));
    }

    /// <summary>A guest that drops a request whose body it has not taken does not want the body.</summary>
    public void Dispose()
    {
        if (!_consumed)
            body?.Abandon();
        _consumed = true;
    }
}

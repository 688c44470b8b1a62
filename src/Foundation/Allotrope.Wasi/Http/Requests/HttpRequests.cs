using System.Diagnostics.CodeAnalysis;
using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary><c>wasi:http/outgoing-handler</c> of one instance: sends its requests to the hosts it was granted.</summary>
/// <param name="connections">Shared with others that may go to the same places.</param>
/// <param name="holdings">Pay for what responses leave with the guest.</param>
/// <param name="denied">Told where a guest wanted to go that was not granted, as often as it wants and by any thread.</param>
/// <param name="stop">Ends its requests.</param>
public sealed class HttpRequests(HttpConnections connections, HttpHoldings holdings, Action<HttpDenial>? denied, CancellationToken stop) : IOutgoingHandler
{
    int _underWay;

    /// <summary>Requests whose responses have not all been read or dropped.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public Result<IFutureIncomingResponse, ErrorCode> Handle(IOutgoingRequest request, IRequestOptions? options)
    {
        using var sent = (OutgoingRequest)request; // the guest has given both away
        using var waits = (RequestOptions?)options;
        var target = RequestTarget.Of(sent, connections.Limits);
        if (!target.IsOk)
            return Refuse(sent, target.Error);
        if (!connections.Hosts.Allow(target.Value))
        {
            denied?.Invoke(new(target.Value, null));
            return Refuse(sent, new ErrorCode.HttpRequestDenied());
        }

        return UnderWay >= connections.Limits.UnderWay ? Refuse(sent, new ErrorCode.ConnectionLimitReached()) : Send(sent, target.Value, connections.Limits.Waits(waits));
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "the future disposes of the exchange, or the instance's end does")]
    FutureIncomingResponse Send(OutgoingRequest request, Uri target, HttpWaits waits)
    {
        request.Go();
        Interlocked.Increment(ref _underWay);
        var exchange = new HttpExchange(request, target, waits, connections.Time, () => Interlocked.Decrement(ref _underWay))
        {
            Prohibited = address => denied?.Invoke(new(target, address)),
        };
        exchange.Begin(connections.Client, stop);
        return new FutureIncomingResponse(exchange, holdings, stop);
    }

    static ErrorCode Refuse(OutgoingRequest request, ErrorCode why)
    {
        (request.Sink as RequestBody)?.Abandon();
        return why;
    }
}

using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary><c>wasi:http/types</c> for one instance.</summary>
/// <param name="newResponseBody">Makes the far end of a response's body.</param>
/// <param name="newRequestBody">Makes the far end of the body of a request that the guest sends.</param>
/// <param name="stop">Ends what the guest waits for.</param>
public sealed class HttpTypes(Func<IBodySink> newResponseBody, Func<IBodySink> newRequestBody, CancellationToken stop) : ITypes
{
    /// <summary>What the instance holds; also for what comes to it from outside.</summary>
    public HttpHoldings Holdings { get; init; } = new();

    public ErrorCode? HttpErrorCode(IError err) => (err as StreamFailure)?.Cause is HttpFailure failure ? failure.Code : null;

    public IFields NewFields() => new Fields(Holdings);

    public Result<IFields, HeaderError> FieldsFromList((string, ReadOnlyMemory<byte>)[] entries) => Fields.FromList(entries, Holdings);

    public IOutgoingRequest NewOutgoingRequest(IFields headers) => new OutgoingRequest((Fields)headers, Holdings, newRequestBody, stop);

    public IRequestOptions NewRequestOptions() => new RequestOptions();

    public void ResponseOutparamSet(IResponseOutparam param, Result<IOutgoingResponse, ErrorCode> response) => ((ResponseOutparam)param).Set(response);

    public IFutureTrailers IncomingBodyFinish(IIncomingBody @this) => ((IncomingBody)@this).Finish();

    public IOutgoingResponse NewOutgoingResponse(IFields headers) => new OutgoingResponse((Fields)headers, Holdings, newResponseBody, stop);

    public Result<Unit, ErrorCode> OutgoingBodyFinish(IOutgoingBody @this, IFields? trailers) => ((OutgoingBody)@this).Finish((Fields?)trailers);
}

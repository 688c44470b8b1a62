using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary><c>wasi:http/outgoing-handler</c> for who was granted no host: every request is denied.</summary>
public sealed class NoRequests : IOutgoingHandler
{
    public static NoRequests Instance { get; } = new();

    public Result<IFutureIncomingResponse, ErrorCode> Handle(IOutgoingRequest request, IRequestOptions? options) => new ErrorCode.HttpRequestDenied();
}

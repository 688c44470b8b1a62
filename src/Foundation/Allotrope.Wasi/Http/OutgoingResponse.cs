using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>A response that the guest makes.</summary>
public sealed class OutgoingResponse : IOutgoingResponse
{
    readonly OutgoingMessage _message;

    internal OutgoingResponse(Fields headers, HttpHoldings holdings, Func<IBodySink> newBody, CancellationToken stop) =>
        _message = new(headers, holdings, newBody, written => new ErrorCode.HttpResponseBodySize(written), stop);

    public ushort Status { get; private set; } = 200;

    public Fields Fields => _message.Fields;

    /// <summary>The body's other end; null when the guest has taken no body, and will not any more once the response is set.</summary>
    public IBodySink? Sink => _message.Sink;

    /// <summary>Whether the guest has finished or dropped the body, or has taken none; what it wrote may still be on its way.</summary>
    public bool IsBodyOver => _message.Body is null or { IsEnded: true };

    /// <summary>Whether the guest has written as much as the head announces. Any thread may ask.</summary>
    public bool IsBodyWritten => _message.Body?.IsWritten ?? false;

    public ushort StatusCode() => Status;

    public Result<Unit, Unit> SetStatusCode(ushort statusCode)
    {
        if (statusCode is < 100 or > 599)
            return Result<Unit, Unit>.Fail(default);
        Status = statusCode;
        return Result<Unit, Unit>.Ok(default);
    }

    public IFields Headers() => Fields.Share();

    public Result<IOutgoingBody, Unit> Body() => _message.TakeBody();

    /// <summary>The guest has given it away to be sent.</summary>
    internal void Go() => _message.Go();

    /// <summary>Dropped, or on its way.</summary>
    public void Dispose() => _message.Dispose();
}

using System.Diagnostics.CodeAnalysis;
using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>A response that the guest makes.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "the body is the guest's, with a handle of its own")]
public sealed class OutgoingResponse : IOutgoingResponse
{
    readonly Func<IBodySink> _newBody;
    readonly HttpHoldings _holdings;
    readonly CancellationToken _stop;
    IBodySink? _sink;
    HeldBody? _held;
    OutgoingBody? _body;
    bool _over;

    internal OutgoingResponse(Fields headers, HttpHoldings holdings, Func<IBodySink> newBody, CancellationToken stop) =>
        (Fields, _holdings, _newBody, _stop) = (headers.Seal(), holdings, newBody, stop);

    public ushort Status { get; private set; } = 200;

    public Fields Fields { get; }

    /// <summary>The body's other end; null when the guest has taken no body, and will not any more once the response is set.</summary>
    public IBodySink? Sink => _sink;

    /// <summary>Whether the guest has finished or dropped the body, or has taken none; what it wrote may still be on its way.</summary>
    public bool IsBodyOver => _body is null or { IsEnded: true };

    /// <summary>Whether the guest has written as much as the head announces. Any thread may ask.</summary>
    public bool IsBodyWritten => _body?.IsWritten ?? false;

    public ushort StatusCode() => Status;

    public Result<Unit, Unit> SetStatusCode(ushort statusCode)
    {
        if (statusCode is < 100 or > 599)
            return Result<Unit, Unit>.Fail(default);
        Status = statusCode;
        return Result<Unit, Unit>.Ok(default);
    }

    public IFields Headers() => Fields.Share();

    public Result<IOutgoingBody, Unit> Body()
    {
        if (_sink is not null)
            return Result<IOutgoingBody, Unit>.Fail(default);
        _held = _holdings.TakeBody();
        _sink = _newBody();
        _body = new OutgoingBody(_sink, _held, Fields.ContentLength, written => new ErrorCode.HttpResponseBodySize(written), _stop);
        return Result<IOutgoingBody, Unit>.Ok(_body);
    }

    /// <summary>The response is on its way to the client.</summary>
    internal bool IsSet { get; private set; }

    /// <summary>The guest has given it away to be sent.</summary>
    internal void Go()
    {
        IsSet = true;
        _held?.Go();
    }

    /// <summary>Dropped, or on its way.</summary>
    public void Dispose()
    {
        if (_over)
            return;
        _over = true;
        _held?.LetGo();
        if (!IsSet)
            _body?.Forsake();
        Fields.Dispose();
    }
}

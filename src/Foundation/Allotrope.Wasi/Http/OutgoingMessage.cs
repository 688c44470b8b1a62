using System.Diagnostics.CodeAnalysis;
using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>What requests and responses that a guest makes have in common: headers, and a body that is taken once.</summary>
/// <param name="headers">Not changed any more.</param>
/// <param name="holdings">Pay for the body.</param>
/// <param name="newBody">Makes the body's far end.</param>
/// <param name="wrongLength">What a body of another length than the headers announce is called.</param>
/// <param name="stop">Ends what the guest waits for.</param>
[SuppressMessage("Usage", "CA2213", Justification = "the body is the guest's, with a handle of its own")]
sealed class OutgoingMessage(Fields headers, HttpHoldings holdings, Func<IBodySink> newBody, Func<ulong, ErrorCode> wrongLength, CancellationToken stop) : IDisposable
{
    HeldBody? _held;
    bool _over;

    public Fields Fields { get; } = headers.Seal();

    /// <summary>The body's other end; null when the guest has taken no body.</summary>
    public IBodySink? Sink { get; private set; }

    public OutgoingBody? Body { get; private set; }

    /// <summary>It has been given away to be sent.</summary>
    public bool IsSent { get; private set; }

    public Result<IOutgoingBody, Unit> TakeBody()
    {
        if (Sink is not null)
            return Result<IOutgoingBody, Unit>.Fail(default);
        _held = holdings.TakeBody();
        Sink = newBody();
        Body = new OutgoingBody(Sink, _held, Fields.ContentLength, wrongLength, stop);
        return Result<IOutgoingBody, Unit>.Ok(Body);
    }

    public void Go()
    {
        IsSent = true;
        _held?.Go();
    }

    /// <summary>Dropped, or on its way.</summary>
    public void Dispose()
    {
        if (_over)
            return;
        _over = true;
        _held?.LetGo();
        if (!IsSent)
            Body?.Forsake();
        Fields.Dispose();
    }
}

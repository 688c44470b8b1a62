using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasi.Http;

namespace Allotrope.Actors;

/// <summary>
/// An HTTP request on its way through a component: it is answered as soon as the component has set its response, and goes on until the component returns.
/// <code>
///  request ──► (waits for an instance) ──► guest ── response-outparam.set ──► answer ── body ──► ... end
///     the caller's token cancels it until here ┘      └ from here on, that the body's reader goes
/// </code>
/// </summary>
sealed class HttpCall(ComponentWorkload workload, Message request, TimeBudget time, CallAnswer answer) : ComponentCall(workload, time, answer)
{
    readonly HttpRequestHead _head = request.Payload.As(ContractsJson.Default.HttpRequestHead);
    readonly ByteStream? _body = request.Body;
    OutgoingResponse? _response;

    public override string What => $"{_head.Method} {_head.PathWithQuery}";

    protected override bool LeavesNothing => _response is { IsBodyOver: true } && !Cancellation.IsCancellationRequested;

    protected override ValueTask CallAsync(ComponentGuest guest) => guest.HandleAsync(
        new IncomingRequest(
            _head.Method, _head.Scheme, _head.Authority, _head.PathWithQuery, Fields.Of(_head.Headers, guest.Holdings),
            _body is null ? null : new StreamSource(_body), guest.Holdings, guest.Stop),
        new ResponseOutparam(Set));

    protected override void Ended(Exception? failure)
    {
        if (failure is null && _response is null)
            failure = new FaultException(new Fault.Failed($"Component {Workload.Workload} returned from {What} without a response."));
        if (failure is not null)
            Fail(failure);
    }

    protected override void Left()
    {
        _body?.Abandon();
        if (Cancellation.IsCancellationRequested)
            Workload.Note($"{What} was not answered to its end: {Answer.WhyLeft}.");
        else if (_body?.Failure is IOException broken)
            Workload.Note($"{What} was answered without the rest of its body: {broken.Message}.");
        Workload.Leave();
    }

    protected override void NeverBegan(Exception why, Shortage shortage)
    {
        _body?.Abandon();
        if (why is FaultException)
            Workload.Tell(why.Message);
        else
            Workload.Note($"{What} had no {(shortage == Shortage.Instance ? "instance" : "thread")} free before its end: {Answer.WhyLeft}.");
        base.NeverBegan(why, shortage);
    }

    /// <summary>The guest has set its response, or has said that there is none.</summary>
    void Set(Result<OutgoingResponse, ErrorCode> set)
    {
        Answer.Settle();
        if (!set.IsOk)
        {
            Fail(new FaultException(new Fault.Failed($"Component {Workload.Workload} answered {What} with the error {set.Error}.")));
            return;
        }
        _response = set.Value;
        var head = new HttpResponseHead(_response.Status, [.. _response.Fields.Texts()]);
        var stream = (_response.Sink as StreamSink)?.Stream;
        stream?.Abandoned.UnsafeRegister(static call => ((HttpCall)call!).ReaderLeft(), this);
        if (!Answer.TryGive(new Message("", Payload.Of(head, ContractsJson.Default.HttpResponseHead)) { Body = stream }))
            stream?.Abandon(); // nobody waits for it any more
    }

    /// <summary>The body's reader has gone. One that has all that the head announced need not wait until the guest says that this is all.</summary>
    void ReaderLeft()
    {
        if (_response is not { IsBodyWritten: true })
            Answer.Leave((_response?.Sink as StreamSink)?.Stream.Reason ?? "the client left");
    }

    /// <summary>Tells the client: instead of the answer, or in the middle of its body. The first failure is the one told.</summary>
    void Fail(Exception error)
    {
        if (!Answer.TryRefuse(error))
            (_response?.Sink as StreamSink)?.Stream.Fail(error);
        else if (error is FaultException { Fault: Fault.Failed } fault and { InnerException: null })
            Workload.Tell(fault.Message); // a trap is in the log already
    }
}

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
sealed class HttpCall : ComponentCall
{
    const string ClientLeft = "the client left";

    readonly ComponentWorkload _workload;
    readonly HttpRequestHead _head;
    readonly ByteStream? _body;
    readonly CancellationTokenSource _left;
    readonly CancellationTokenRegistration _untilAnswered;
    readonly TaskCompletionSource<Message> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    OutgoingResponse? _response;
    string? _whyLeft; // the first reason is the one

    public HttpCall(ComponentWorkload workload, Message request, TimeBudget time, CancellationToken cancellation)
        : this(workload, request, time, new CancellationTokenSource(), cancellation)
    {
    }

    HttpCall(ComponentWorkload workload, Message request, TimeBudget time, CancellationTokenSource left, CancellationToken cancellation)
        : base(workload, time, left.Token)
    {
        (_workload, _body, _left) = (workload, request.Body, left);
        _head = request.Payload.As(ContractsJson.Default.HttpRequestHead);
        _untilAnswered = cancellation.UnsafeRegister(static call => ((HttpCall)call!).Leave(ClientLeft), this);
    }

    /// <summary>The response's head, with its body.</summary>
    public Task<Message> Answer => _answer.Task;

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
            failure = new FaultException(new Fault.Failed($"Component {_workload.Workload} returned from {What} without a response."));
        if (failure is not null)
            Fail(failure);
    }

    protected override void Left()
    {
        _body?.Abandon();
        if (_left.IsCancellationRequested)
            _workload.Note($"{What} was not answered to its end: {_whyLeft}.");
        else if (_body?.Failure is IOException broken)
            _workload.Note($"{What} was answered without the rest of its body: {broken.Message}.");
        _workload.Leave();
    }

    public override void Cancel() => Leave("the component was stopped");

    public override void GiveUp()
    {
        _body?.Abandon();
        if (Cancellation.IsCancellationRequested)
        {
            _workload.Note($"{What} had no instance free before its end: {_whyLeft}.");
            Fail(new OperationCanceledException(Cancellation));
            return;
        }
        var late = new Fault.TimedOut($"Component {_workload.Workload} had no instance free for {What} within the call's time; raise its instances or call less.");
        _workload.Tell(late.Message);
        Fail(new FaultException(late));
    }

    /// <summary>The guest has set its response, or has said that there is none.</summary>
    void Set(Result<OutgoingResponse, ErrorCode> set)
    {
        _untilAnswered.Dispose();
        if (!set.IsOk)
        {
            Fail(new FaultException(new Fault.Failed($"Component {_workload.Workload} answered {What} with the error {set.Error}.")));
            return;
        }
        _response = set.Value;
        var head = new HttpResponseHead(_response.Status, [.. _response.Fields.Texts()]);
        var stream = (_response.Sink as StreamSink)?.Stream;
        stream?.Abandoned.UnsafeRegister(static call => ((HttpCall)call!).ReaderLeft(), this);
        if (!_answer.TrySetResult(new Message("", Payload.Of(head, ContractsJson.Default.HttpResponseHead)) { Body = stream }))
            stream?.Abandon(); // nobody waits for it any more
    }

    /// <summary>The body's reader has gone. One that has all that the head announced need not wait until the guest says that this is all.</summary>
    void ReaderLeft()
    {
        if (_response is not { IsBodyWritten: true })
            Leave((_response?.Sink as StreamSink)?.Stream.Reason ?? ClientLeft);
    }

    void Leave(string why)
    {
        Interlocked.CompareExchange(ref _whyLeft, why, null);
        _left.Cancel();
    }

    /// <summary>Tells the client: instead of the answer, or in the middle of its body. The first failure is the one told.</summary>
    void Fail(Exception error)
    {
        _untilAnswered.Dispose();
        if (!_answer.TrySetException(error))
            (_response?.Sink as StreamSink)?.Stream.Fail(error);
        else if (error is FaultException { Fault: Fault.Failed } fault and { InnerException: null })
            _workload.Tell(fault.Message); // a trap is in the log already
    }
}

using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasi.Http;

namespace Allotrope.Actors;

/// <summary>
/// An HTTP request on its way through a component: it is answered as soon as the component has set its response, and goes on on its guest thread until the
/// component returns.
/// <code>
///  request ──► (waits for an instance) ──► guest ── response-outparam.set ──► answer ── body ──► ... end
///     the caller's token cancels it until here ┘      └ from here on, that the body's reader goes
/// </code>
/// </summary>
sealed class HttpCall : QueuedCall
{
    readonly ComponentWorkload _workload;
    readonly HttpRequestHead _head;
    readonly ByteStream? _body;
    readonly CancellationTokenSource _left;
    readonly CancellationTokenRegistration _untilAnswered;
    readonly TaskCompletionSource<Message> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    OutgoingResponse? _response;

    public HttpCall(ComponentWorkload workload, Message request, long deadline, CancellationToken cancellation)
        : this(workload, request, deadline, new CancellationTokenSource(), cancellation)
    {
    }

    HttpCall(ComponentWorkload workload, Message request, long deadline, CancellationTokenSource left, CancellationToken cancellation)
        : base(deadline, left.Token)
    {
        (_workload, _body, _left) = (workload, request.Body, left);
        _head = request.Payload.As(ContractsJson.Default.HttpRequestHead);
        _untilAnswered = cancellation.UnsafeRegister(static left => ((CancellationTokenSource)left!).Cancel(), left);
    }

    /// <summary>The response's head, with its body.</summary>
    public Task<Message> Answer => _answer.Task;

    /// <summary>For the log.</summary>
    public string What => $"{_head.Method} {_head.PathWithQuery}";

    public override void Execute(GuestRun run)
    {
        try
        {
            _workload.Run(this, run, Deadline, Cancellation);
            if (_response is null)
                throw new FaultException(new Fault.Failed($"Component {_workload.Workload} returned from {What} without a response."));
        }
        catch (Exception error) // the client is told, whatever it is
        {
            Fail(error);
        }
        _body?.Abandon();
        _workload.Leave(this, _left.IsCancellationRequested);
    }

    /// <summary>Gives the request to an instance; false when the instance has left something undone and is not to be used again.</summary>
    public bool Handle(ComponentGuest guest, GuestRun run)
    {
        var request = new IncomingRequest(
            _head.Method, _head.Scheme, _head.Authority, _head.PathWithQuery, Fields.Of(_head.Headers, guest.Holdings),
            _body is null ? null : new StreamSource(_body), guest.Holdings, guest.Stop);
        using var stop = Cancellation.UnsafeRegister(static guest => ((ComponentGuest)guest!).StopWaiting(), guest);
        guest.Handle(request, new ResponseOutparam(Set), run);
        return _response is { IsBodyOver: true } && !Cancellation.IsCancellationRequested;
    }

    /// <summary>Ends the call as if its client had left.</summary>
    public void Cancel() => _left.Cancel();

    public override void GiveUp()
    {
        _body?.Abandon();
        Fail(Cancellation.IsCancellationRequested
            ? new OperationCanceledException(Cancellation)
            : new FaultException(new Fault.TimedOut(
                $"Component {_workload.Workload} had no instance free for {What} within the call's time; raise its instances or call less.")));
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
        stream?.Abandoned.UnsafeRegister(static call => ((HttpCall)call!).Leave(), this);
        if (!_answer.TrySetResult(new Message("", Payload.Of(head, ContractsJson.Default.HttpResponseHead)) { Body = stream }))
            stream?.Abandon(); // nobody waits for it any more
    }

    /// <summary>The body's reader has gone. One that has all that the head announced need not wait until the guest says that this is all.</summary>
    void Leave()
    {
        if (_response is not { IsBodyWritten: true })
            _left.Cancel();
    }

    /// <summary>Tells the client: instead of the answer, or in the middle of its body. The first failure is the one told.</summary>
    public void Fail(Exception error)
    {
        _untilAnswered.Dispose();
        if (!_answer.TrySetException(error))
            (_response?.Sink as StreamSink)?.Stream.Fail(error);
        else if (error is FaultException { Fault: Fault.Failed } fault and { InnerException: null })
            _workload.Tell(fault.Message); // a trap is in the log already
    }
}

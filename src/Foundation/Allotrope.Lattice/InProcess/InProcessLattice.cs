using System.Runtime.ExceptionServices;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Lattice;

/// <summary>
/// The bus within one process. Messages are handed over by reference; a request runs its handler directly, so that it costs a look-up and a call.
/// </summary>
/// <param name="time">Measures time-outs and the life of values.</param>
/// <param name="durable">Keeps durable buckets; not owned, and to be disposed after the lattice. Without one, durable buckets are refused.</param>
public sealed class InProcessLattice(TimeProvider time, IRecord? durable = null) : ILattice
{
    [ThreadStatic]
    static int _depth; // of requests on this thread's stack

    readonly RoutingTable _routes = new();
    readonly Inboxes _inboxes = new();
    readonly ScopePool _scopes = new(time);
    readonly BucketTable _buckets = new(time, durable);
    volatile bool _closed;

    public ValueTask PublishAsync(Message message, CancellationToken cancellation = default)
    {
        CheckOpen(cancellation);
        if (message.ReplyTo is { } replyTo)
            Subject.Check(replyTo);
        Forward(message);
        return ValueTask.CompletedTask;
    }

    public bool MayBeHeard(string subject) => !_routes.Find(subject).IsEmpty;

    public ValueTask<Message> RequestAsync(Message request, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        try
        {
            CheckOpen(cancellation);
            var limit = timeout ?? LatticeLimits.RequestTimeout;
            if (limit <= TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan)
                throw new FaultException(new Fault.Invalid(
                    "timeout", $"A request to {request.Subject} was given {limit} to be answered: give it more than zero."));
            return RouteAsync(request, limit, cancellation);
        }
        catch (Exception error)
        {
            return ValueTask.FromException<Message>(error); // a request fails when it is awaited, however early it fails
        }
    }

    public ValueTask<Subscription> SubscribeAsync(string pattern, SubscriptionOptions? options = null, CancellationToken cancellation = default)
    {
        CheckOpen(cancellation);
        Subject.CheckPattern(pattern);
        options ??= new SubscriptionOptions();
        CheckGroup(options.QueueGroup);
        Subscriber? subscriber = null;
        var subscription = new Subscription(pattern, options, () =>
        {
            Remove(subscriber!);
            return ValueTask.CompletedTask;
        });
        _routes.Add(subscriber = new Subscriber(subscription, options.QueueGroup));
        return ValueTask.FromResult(subscription);
    }

    public ValueTask<IAsyncDisposable> ServeAsync(
        string pattern, RequestHandler handler, string? queueGroup = null, CancellationToken cancellation = default)
    {
        CheckOpen(cancellation);
        Subject.CheckPattern(pattern);
        CheckGroup(queueGroup);
        var responder = new Responder(pattern, queueGroup, handler, this);
        _routes.Add(responder);
        return ValueTask.FromResult<IAsyncDisposable>(responder);
    }

    public ValueTask<IBucket> OpenBucketAsync(BucketOptions options, CancellationToken cancellation = default)
    {
        CheckOpen(cancellation);
        return _buckets.OpenAsync(options, cancellation);
    }

    /// <summary>Ends subscriptions, awaits the requests under way, and closes the buckets.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        foreach (var receiver in _routes.Close())
            await receiver.CloseAsync();
        await _buckets.DisposeAsync();
    }

    internal void Forward(in Message message)
    {
        if (!Inboxes.IsInbox(message.Subject) || !_inboxes.Deliver(message))
            _routes.Find(message.Subject).Deliver(message);
    }

    internal void Remove(Receiver receiver) => _routes.Remove(receiver);

    ValueTask<Message> RouteAsync(Message request, TimeSpan timeout, CancellationToken cancellation)
    {
        while (true)
        {
            var route = _routes.Find(request.Subject);
            if (route.IsEmpty)
                throw new FaultException(new Fault.Unreachable(
                    $"Nobody serves {request.Subject}: start the module or workload that answers it, then try again."));
            if (route.NextResponder is { } responder)
            {
                if (responder.Enter())
                    return CallAsync(responder, request, timeout, cancellation);
            }
            else if (Spread(route, request) is { } inbox)
                return AwaitAsync(inbox, request.Subject, timeout, cancellation);
            // All receivers closed between look-up and delivery. They left the table before that, so the next look-up finds others or nobody.
        }
    }

    /// <summary>The direct path: nothing is allocated, and no clock is read, when the handler completes at once.</summary>
    ValueTask<Message> CallAsync(Responder responder, Message request, TimeSpan timeout, CancellationToken cancellation)
    {
        var scope = _scopes.Rent();
        try
        {
            // Handlers that request from handlers nest on one stack, and a stack that overflows ends the process.
            if (++_depth > LatticeLimits.RequestDepth)
                throw new FaultException(new Fault.Exhausted(
                    $"The request to {request.Subject} is nested too deeply in others: break the circle of modules that call each other."));
            var answer = responder.HandleAsync(request, scope.Token);
            if (!answer.IsCompletedSuccessfully)
                return AwaitAsync(responder, answer, scope, request.Subject, timeout, cancellation);
            responder.Exit();
            _scopes.Return(scope);
            return answer;
        }
        catch (Exception error) // of the handler, before its first await
        {
            responder.Exit();
            _scopes.Return(scope);
            throw Answer.Translate(error, request.Subject);
        }
        finally
        {
            _depth--;
        }
    }

    async ValueTask<Message> AwaitAsync(
        Responder responder, ValueTask<Message> pending, RequestScope scope, string subject, TimeSpan timeout, CancellationToken cancellation)
    {
        var work = responder.CompleteAsync(pending);
        scope.Start(timeout);
        using var registration = cancellation.UnsafeRegister(static scope => ((RequestScope)scope!).Cancel(), scope);
        Answer answer;
        try
        {
            answer = await work.WaitAsync(scope.Token);
        }
        catch (OperationCanceledException error)
        {
            answer = new Answer(default, error);
        }
        var timedOut = scope.TimedOut;
        await registration.DisposeAsync(); // before the scope can serve another request
        if (work.IsCompleted)
            _scopes.Return(scope);
        else
            _ = work.ContinueWith( // the answer that nobody awaits any more may have a stream that somebody writes to
                static late => late.Result.Message.Body?.Abandon(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        switch (answer.Error)
        {
            case null:
                return answer.Message;
            case OperationCanceledException when timedOut:
                throw NoAnswer(subject, timeout);
            case OperationCanceledException when cancellation.IsCancellationRequested:
                throw new OperationCanceledException(cancellation);
            case FaultException:
                ExceptionDispatchInfo.Throw(answer.Error);
                break;
        }
        throw Answer.Translate(answer.Error, subject);
    }

    /// <summary>Several receive the request, or some by subscription: the first reply to an inbox wins. Null when nobody took it.</summary>
    Inbox? Spread(Route route, Message request)
    {
        var inbox = _inboxes.Open();
        if (route.Deliver(request with { ReplyTo = inbox.Subject }))
            return inbox;
        _inboxes.Close(inbox);
        return null;
    }

    async ValueTask<Message> AwaitAsync(Inbox inbox, string subject, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            var message = await inbox.Reply.WaitAsync(timeout, time, cancellation);
            return FaultMessage.Read(message) is { } fault ? throw new FaultException(fault) : message;
        }
        catch (TimeoutException)
        {
            throw NoAnswer(subject, timeout);
        }
        finally
        {
            _inboxes.Close(inbox);
        }
    }

    void CheckOpen(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        cancellation.ThrowIfCancellationRequested();
    }

    static FaultException NoAnswer(string subject, TimeSpan timeout) => new(new Fault.TimedOut(
        $"What serves {subject} did not answer within {timeout.TotalSeconds:0.###} s: try again, or allow it more time."));

    static void CheckGroup(string? group)
    {
        if (group is not null)
            Subject.Check(group);
    }
}

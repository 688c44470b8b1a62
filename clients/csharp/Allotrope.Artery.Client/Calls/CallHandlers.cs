using System.Text;

namespace Allotrope.Artery.Client;

/// <summary>Answers invocations, each repeated idempotency key with its first answer.</summary>
sealed class CallHandlers(string service, TimeProvider time)
{
    /// <summary>Invocations that run at most, and answers kept.</summary>
    public const int Limit = 1024;

    /// <summary>Bytes of kept answers, beyond which the oldest go early.</summary>
    public const int LimitBytes = 32 * 1024 * 1024;

    static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    // What an answer has besides its data
    const int EnvelopeBytes = 32;

    readonly Lock _gate = new();
    readonly Dictionary<string, Func<ReceivedCall, Task<ArteryData>>> _handlers = [];
    readonly Dictionary<(string Caller, string Key), KeptAnswer> _answers = [];
    readonly Queue<((string, string) Key, long At)> _order = [];
    readonly HashSet<Task> _running = [];

    public void Add(string method, Func<ReceivedCall, Task<ArteryData>> handler)
    {
        lock (_gate)
            _handlers[method] = handler;
    }

    /// <summary>Runs an invocation, or finds its first answer, and replies when it is there.</summary>
    public void Reply(Invocation.Request request, Action<Invocation> reply)
    {
        lock (_gate)
        {
            var task = ReplyAsync(FindAsync(request), request.Id, reply);
            _running.Add(task);
            task.GetAwaiter().OnCompleted(() =>
            {
                lock (_gate)
                    _running.Remove(task);
            });
        }
    }

    /// <summary>Ends when all handlers that were called have.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
            return Task.WhenAll(_running);
    }

    Task<Outcome> FindAsync(Invocation.Request request)
    {
        while (_order.TryPeek(out var oldest) && (_answers.Count >= Limit || KeptBytes > LimitBytes || time.GetElapsedTime(oldest.At) > Kept))
            _answers.Remove(_order.Dequeue().Key);
        if (request.Key is not { } name)
            return RunAsync(request);
        var key = (request.Caller, name);
        if (_answers.TryGetValue(key, out var answer))
            return answer.Outcome;
        _order.Enqueue((key, time.GetTimestamp()));
        return (_answers[key] = new KeptAnswer(RunAsync(request))).Outcome;
    }

    long KeptBytes => _answers.Values.Sum(kept => (long)Volatile.Read(ref kept.Bytes));

    Task<Outcome> RunAsync(Invocation.Request request)
    {
        if (!_handlers.TryGetValue(request.Method, out var handler))
            return RefuseAsync(InvocationCode.UnknownMethod, $"{service} has no method {request.Method}.");
        if (_running.Count >= Limit)
            return RefuseAsync(InvocationCode.Exhausted, $"{service} runs {Limit} invocations already.");
        return HandleAsync(handler, new ReceivedCall(request.Caller, request.Method, ArteryData.OfItem(request.Data), request.TimeOut));
    }

    static async Task<Outcome> HandleAsync(Func<ReceivedCall, Task<ArteryData>> handler, ReceivedCall call)
    {
        // Leaves the reading loop, and the lock
        await Task.Yield();
        try
        {
            var result = await handler(call);
            return result.Cbor.Length + EnvelopeBytes <= ArteryLimits.ContentBytes
                ? new Outcome(result, null, "")
                : new Outcome(default, InvocationCode.Failed, $"The result has {result.Cbor.Length} bytes; at most {ArteryLimits.ContentBytes} are carried.");
        }
        catch (Exception thrown)
        {
            return new Outcome(default, CodeOf(thrown), thrown.Message);
        }
    }

    // A code that is longer than names are would close the artery, for everything else on it too
    static string CodeOf(Exception thrown) =>
        thrown is InvokeException { Code: { } code } && Encoding.UTF8.GetByteCount(code) is > 0 and <= ArteryLimits.NameBytes ? code : InvocationCode.Failed;

    static async Task ReplyAsync(Task<Outcome> answer, long id, Action<Invocation> reply)
    {
        var (data, code, text) = await answer;
        await Task.Yield();
        reply(code is null ? new Invocation.Result(id, data.Whole) : new Invocation.Error(id, code, text));
    }

    static Task<Outcome> RefuseAsync(string code, string text) => Task.FromResult(new Outcome(default, code, text));

    readonly record struct Outcome(ArteryData Data, string? Code, string Text);

    sealed class KeptAnswer
    {
        public int Bytes;

        public KeptAnswer(Task<Outcome> answer) => Outcome = WeighAsync(answer);

        public Task<Outcome> Outcome { get; }

        async Task<Outcome> WeighAsync(Task<Outcome> answer)
        {
            var outcome = await answer;
            Volatile.Write(ref Bytes, outcome.Data.Cbor.Length);
            return outcome;
        }
    }
}

namespace Allotrope.Artery.Client;

/// <summary>Calls of this service that wait for their answers.</summary>
/// <typeparam name="T">What answers them.</typeparam>
sealed class PendingCalls<T>(TimeProvider time)
{
    /// <summary>Calls that wait at most.</summary>
    public const int Limit = 1024;

    readonly Lock _gate = new();
    readonly Dictionary<long, Call> _calls = [];
    long _numbers;

    /// <summary>Sends a call and waits for its answer.</summary>
    /// <param name="post">Sends it, under the number given.</param>
    /// <param name="onBreak">What a broken artery does to it.</param>
    /// <exception cref="InvokeException">It failed, or no answer came in time.</exception>
    public async Task<T> CallAsync(Action<long> post, OnBreak onBreak, TimeSpan timeOut, CancellationToken cancellation)
    {
        var call = new Call(post, onBreak);
        long id;
        lock (_gate)
        {
            if (_calls.Count >= Limit)
                throw new InvokeException(InvocationCode.Exhausted, $"{Limit} calls wait for their answers already.");
            _calls[id = ++_numbers] = call;
        }

        try
        {
            post(id);
            return await call.Answer.Task.WaitAsync(timeOut, time, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new InvokeException(InvocationCode.TimedOut, $"No answer came within {timeOut.TotalMilliseconds:0} ms.", late);
        }
        finally
        {
            Take(id);
        }
    }

    public void Succeed(long id, T answer) => Take(id)?.Answer.TrySetResult(answer);

    public void Fail(long id, InvokeException error) => Take(id)?.Answer.TrySetException(error);

    /// <summary>Sends again what is to be.</summary>
    public void Reopened()
    {
        foreach (var (id, call) in All())
            if (call.OnBreak == OnBreak.SendAgain)
                call.Post(id);
    }

    public void Broken()
    {
        foreach (var (id, call) in All())
            if (call.OnBreak == OnBreak.Fail)
                Fail(id, new InvokeException(InvocationCode.Unreachable, "The artery to the core broke before the answer came."));
    }

    public void Close()
    {
        foreach (var (id, _) in All())
            Fail(id, new InvokeException(InvocationCode.Unreachable, "The service is closed."));
    }

    KeyValuePair<long, Call>[] All()
    {
        lock (_gate)
            return [.. _calls];
    }

    Call? Take(long id)
    {
        lock (_gate)
            return _calls.Remove(id, out var call) ? call : null;
    }

    sealed record Call(Action<long> Post, OnBreak OnBreak)
    {
        public TaskCompletionSource<T> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What becomes of a call when the artery breaks.</summary>
enum OnBreak
{
    Fail,
    SendAgain,
    Wait,
}

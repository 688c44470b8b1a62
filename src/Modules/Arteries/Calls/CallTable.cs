using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// Calls under way, and answers that are kept for their idempotency keys. Every call ends: by its answer, its time-out, or the loss of the target's
/// artery. Guarded by the core's lock.
/// </summary>
sealed class CallTable(TimeProvider time, Lock gate) : IDisposable
{
    /// <summary>For which the same key gets the first answer.</summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromSeconds(60);

    /// <summary>The longest a call may take; a caller that says nothing useful gets this.</summary>
    static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(5);

    const int CallsPerService = 1024;

    /// <summary>Answers kept for their keys, and bytes of them: beyond either the oldest go before their time.</summary>
    const int Kept = 16 * 1024;
    const long KeptBytes = 64 * 1024 * 1024;

    readonly Dictionary<long, Pending> _pending = [];
    readonly Dictionary<CallKey, KeyedCall> _keyed = [];
    readonly Dictionary<string, int> _underWay = [];
    readonly Queue<(KeyedCall Keyed, long Answered)> _kept = new();
    long _keptBytes;
    long _last;

    /// <summary>Routes a call: the answer goes to <paramref name="answer"/> once, at once or later.</summary>
    public void Begin(Invocation.Request call, Member? target, Action<Invocation> answer)
    {
        ForgetKeys();
        var key = call.Key is { } text ? new CallKey(call.Caller, call.Target, call.Method, text) : null;
        if (key is not null && _keyed.TryGetValue(key, out var before))
        {
            before.Tell(call.Id, answer);
            return;
        }
        if (Refusal(call, target) is { } refusal)
        {
            answer(refusal);
            return;
        }
        var pending = new Pending(++_last, target!, call.Caller, new KeyedCall(key));
        pending.Keyed.Tell(call.Id, answer);
        _pending.Add(pending.Id, pending);
        _underWay[call.Caller] = _underWay.GetValueOrDefault(call.Caller) + 1;
        if (key is not null)
            _keyed.Add(key, pending.Keyed);
        var limit = call.TimeOut > TimeSpan.Zero && call.TimeOut < LongestTime ? call.TimeOut : LongestTime;
        pending.Timer = time.CreateTimer(_ => EndInTime(pending.Id, target!.Name), null, limit, Timeout.InfiniteTimeSpan);
        if (!target!.Artery!.TryCall(call with { Id = pending.Id }))
            End(pending.Id, target, new Invocation.Error(0, InvocationCode.Unreachable, $"{target.Name} takes no calls now."));
    }

    /// <summary>An answer has come. One to a call that is not under way with this target is of no interest any more.</summary>
    public void End(long id, Member target, Invocation answer)
    {
        if (!_pending.TryGetValue(id, out var pending) || pending.Target != target)
            return;
        _pending.Remove(id);
        pending.Timer?.Dispose();
        if (--_underWay[pending.Caller] == 0)
            _underWay.Remove(pending.Caller);
        // What never reached the target may be tried again under its key; what did must not run twice
        if (pending.Keyed.Key is { } key)
        {
            if (answer is Invocation.Error { Code: InvocationCode.Unreachable })
                _keyed.Remove(key);
            else
            {
                _kept.Enqueue((pending.Keyed, time.GetTimestamp()));
                _keptBytes += SizeOf(answer);
            }
        }
        pending.Keyed.End(answer);
        ForgetKeys();
    }

    /// <summary>The target's artery is gone.</summary>
    public void Lose(Member target)
    {
        foreach (var id in _pending.Values.Where(pending => pending.Target == target).Select(pending => pending.Id).ToList())
            End(id, target, new Invocation.Error(
                0, InvocationCode.Failed, $"The artery to {target.Name} was lost before it answered; whether it has acted is not known."));
    }

    public void Dispose()
    {
        foreach (var pending in _pending.Values)
            pending.Timer?.Dispose();
        _pending.Clear();
    }

    Invocation.Error? Refusal(Invocation.Request call, Member? target) => target switch
    {
        null => new(call.Id, InvocationCode.UnknownService, $"There is no service {call.Target} in the zone."),
        { Artery: null } => new(call.Id, InvocationCode.Unreachable, $"{call.Target} is not connected."),
        _ when _underWay.GetValueOrDefault(call.Caller) >= CallsPerService =>
            new(call.Id, InvocationCode.Exhausted, $"{call.Caller} has {CallsPerService} calls under way."),
        _ => null,
    };

    void EndInTime(long id, string target)
    {
        lock (gate)
            if (_pending.TryGetValue(id, out var pending))
                End(id, pending.Target, new Invocation.Error(0, InvocationCode.TimedOut, $"{target} did not answer in time."));
    }

    void ForgetKeys()
    {
        while (_kept.TryPeek(out var oldest)
            && (time.GetElapsedTime(oldest.Answered) >= KeyLife || _kept.Count > Kept || _keptBytes > KeptBytes))
        {
            _kept.Dequeue();
            _keyed.Remove(oldest.Keyed.Key!);
            _keptBytes -= SizeOf(oldest.Keyed.Answer!);
        }
    }

    static long SizeOf(Invocation answer) => answer switch
    {
        Invocation.Result result => result.Data.Length,
        Invocation.Error error => error.Text.Length,
        _ => 0,
    };

    sealed record CallKey(string Caller, string Target, string Method, string Key);

    sealed class Pending(long id, Member target, string caller, KeyedCall keyed)
    {
        public long Id => id;

        public Member Target => target;

        public string Caller => caller;

        public KeyedCall Keyed => keyed;

        public ITimer? Timer { get; set; }
    }

    /// <summary>One run of a method, and all who are to hear what came of it.</summary>
    sealed class KeyedCall(CallKey? key)
    {
        readonly List<(long Id, Action<Invocation> Answer)> _waiting = [];
        Invocation? _answer;

        public CallKey? Key => key;

        public Invocation? Answer => _answer;

        public void Tell(long id, Action<Invocation> answer)
        {
            if (_answer is { } known)
                answer(known with { Id = id });
            else if (_waiting.Count == CallsPerService)
                answer(new Invocation.Error(id, InvocationCode.Exhausted, $"{CallsPerService} calls wait for this key's answer."));
            else
                _waiting.Add((id, answer));
        }

        public void End(Invocation answer)
        {
            _answer = answer;
            foreach (var (id, tell) in _waiting)
                tell(answer with { Id = id });
            _waiting.Clear();
        }
    }
}

using System.Collections.Immutable;

namespace Allotrope.Wasi.Messaging;

/// <summary>Where the replies to one request arrive, no more than it expects.</summary>
public sealed class Replies
{
    readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _gate = new();
    ImmutableList<Message> _given = [];

    internal Replies(int expected)
    {
        Expected = expected;
        if (expected == 0)
            _complete.SetResult();
    }

    /// <summary>How many the sender waits for; 0 when it wants none.</summary>
    public int Expected { get; }

    internal ImmutableList<Message> Given => _given;

    internal Task Complete => _complete.Task;

    /// <summary>Gives the sender one; those beyond what it expects are dropped.</summary>
    public void Add(Message reply)
    {
        lock (_gate)
        {
            if (_given.Count >= Expected)
                return;
            _given = _given.Add(reply);
            if (_given.Count == Expected)
                _complete.TrySetResult();
        }
    }
}

using System.Collections.Concurrent;

namespace Allotrope.Lattice;

/// <summary>Where replies to requests arrive that could not be handed over directly. Not subscriptions, because they come and go with every request.</summary>
sealed class Inboxes
{
    const string Prefix = "_INBOX.";

    readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _open = new();
    long _last;

    public static bool IsInbox(string subject) => subject.StartsWith(Prefix, StringComparison.Ordinal);

    public Inbox Open()
    {
        var subject = Prefix + Interlocked.Increment(ref _last);
        var reply = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[subject] = reply;
        return new Inbox(subject, reply.Task);
    }

    /// <summary>The first reply wins; false when nobody waits for it.</summary>
    public bool Deliver(in Message message) => _open.TryRemove(message.Subject, out var reply) && reply.TrySetResult(message);

    public void Close(Inbox inbox) => _open.TryRemove(inbox.Subject, out _);
}

/// <summary>Where one reply arrives.</summary>
sealed record Inbox(string Subject, Task<Message> Reply);

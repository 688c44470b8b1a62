using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>The subjects of messaging providers, each apart from all others of the bus, as one instance sends on them and awaits replies.</summary>
/// <param name="stop">Ends what the guest waits for.</param>
sealed class ProviderSubjects(ComponentHost host, CancellationToken stop)
{
    /// <summary>What a subject for replies begins with, as on NATS. Nobody can subscribe to them but who made the request.</summary>
    const string Inbox = "_INBOX.";

    const int MostBytes = 1024 * 1024;

    /// <summary>However long a request is told to wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when nothing can be sent there, <see cref="Fault.Exhausted"/> when it is too large.</exception>
    public async ValueTask SendAsync(string provider, BrokerMessage message)
    {
        if (message.Body.Length > MostBytes)
            throw new FaultException(new Fault.Exhausted($"A message has at most {MostBytes} bytes, not {message.Body.Length}."));
        if (message.ReplyTo is { } replyTo)
            Subject.Check(replyTo); // nobody could answer there; and those who wait hold it as it is
        await host.Lattice.PublishAsync(new Message(TopicOf(provider, message.Subject), Payload.Of(message, ContractsJson.Default.BrokerMessage)), stop);
    }

    /// <summary>Sends a message and gives the replies to it as they come, until there are as many as expected or the time is over.</summary>
    /// <exception cref="FaultException">As for <see cref="SendAsync"/>; and <see cref="Fault.Unreachable"/> when nobody is there to reply.</exception>
    public async IAsyncEnumerable<BrokerMessage> RequestAsync(string provider, BrokerMessage message, int expected, TimeSpan time)
    {
        var inbox = Inbox + Id();
        using var late = new CancellationTokenSource(time < LongestWait ? time : LongestWait, host.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var replies = new Replies(expected);
        // Served and not subscribed to, so that a reply is counted when who sends it goes on.
        await using var served = await host.Lattice.ServeAsync(TopicOf(provider, inbox), (reply, _) =>
        {
            replies.Add(reply.Payload.As(ContractsJson.Default.BrokerMessage));
            return ValueTask.FromResult(new Message("", default));
        }, cancellation: stop);
        if (!host.Lattice.MayBeHeard(TopicOf(provider, message.Subject)))
            throw new FaultException(new Fault.Unreachable($"nobody subscribes to {message.Subject}"));
        await SendAsync(provider, message with { ReplyTo = inbox });
        for (; expected > 0 && await NextAsync(replies, late, end.Token) is { } reply; expected--)
            yield return reply;
    }

    /// <summary>The next reply, or <see langword="null"/> when it is too late for one.</summary>
    async ValueTask<BrokerMessage?> NextAsync(Replies replies, CancellationTokenSource late, CancellationToken end)
    {
        try
        {
            return await replies.NextAsync(end);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when nothing can be sent there.</exception>
    static string TopicOf(string provider, string subject)
    {
        Subject.Check(subject);
        return subject.StartsWith(Inbox, StringComparison.Ordinal) ? Subjects.Replies(provider, subject[Inbox.Length..]) : Subjects.Topic(provider, subject);
    }

    string Id()
    {
        Span<byte> id = stackalloc byte[16]; // not to be guessed by whoever would like to answer first
        host.Random.Fill(id);
        return Convert.ToHexStringLower(id);
    }
}

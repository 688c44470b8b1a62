using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasmcloud.Messaging;
using BrokerMessage = Allotrope.Wasmcloud.Messaging.BrokerMessage;

namespace Allotrope.Actors;

/// <summary><c>wasmcloud:messaging/consumer</c> of one instance: the subjects of the provider it is linked to, which are apart from all others of the bus.</summary>
/// <param name="stop">Ends what the guest waits for.</param>
sealed class LinkedMessages(ComponentHost host, Assignment assignment, CancellationToken stop) : IConsumer
{
    const string Package = "wasmcloud:messaging";

    /// <summary>What a subject for replies begins with, as on NATS. Nobody can subscribe to them but who made the request.</summary>
    const string Inbox = "_INBOX.";

    const int MostBytes = 1024 * 1024;
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public static void AddConsumer(ComponentLinker<ComponentState> linker) => ConsumerInterface.AddTo(linker, state => state.Messages);

    public async ValueTask<Result<Unit, string>> Publish(BrokerMessage msg)
    {
        try
        {
            await SendAsync(msg);
            return default(Unit);
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
    }

    public async ValueTask<Result<BrokerMessage, string>> Request(string subject, ReadOnlyMemory<byte> body, uint timeoutMs)
    {
        var inbox = Inbox + Id();
        var time = TimeSpan.FromMilliseconds(timeoutMs);
        using var late = new CancellationTokenSource(time < LongestWait ? time : LongestWait, host.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            await using var replies = await host.Lattice.SubscribeAsync(TopicOf(inbox), new SubscriptionOptions(Capacity: 1), end.Token);
            if (!host.Lattice.MayBeHeard(TopicOf(subject)))
                return $"nobody subscribes to {subject}";
            await SendAsync(new BrokerMessage(subject, body, inbox));
            var reply = (await replies.Messages.ReadAsync(end.Token)).Payload.As(ContractsJson.Default.BrokerMessage);
            return new BrokerMessage(reply.Subject, reply.Body, reply.ReplyTo);
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return $"nobody has answered on {subject} within {timeoutMs} ms";
        }
    }

    async ValueTask SendAsync(BrokerMessage message)
    {
        if (message.Body.Length > MostBytes)
            throw new FaultException(new Fault.Exhausted($"A message has at most {MostBytes} bytes, not {message.Body.Length}."));
        var sent = new Contracts.BrokerMessage(message.Subject, message.Body, message.ReplyTo);
        await host.Lattice.PublishAsync(new Message(TopicOf(message.Subject), Payload.Of(sent, ContractsJson.Default.BrokerMessage)), stop);
    }

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when nothing can be sent there.</exception>
    string TopicOf(string subject)
    {
        Subject.Check(subject);
        var provider = assignment.Links.First(link => link.Contract == Package && link.Interfaces.Contains("consumer")).Workload;
        return subject.StartsWith(Inbox, StringComparison.Ordinal) ? Subjects.Replies(provider, subject[Inbox.Length..]) : Subjects.Topic(provider, subject);
    }

    string Id()
    {
        Span<byte> id = stackalloc byte[16]; // not to be guessed by whoever would like to answer first
        host.Random.Fill(id);
        return Convert.ToHexStringLower(id);
    }
}

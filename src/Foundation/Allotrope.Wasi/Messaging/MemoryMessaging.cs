using System.Collections.Immutable;
using Allotrope.Components;

namespace Allotrope.Wasi.Messaging;

/// <summary>Topics within one process: a message goes to those who subscribe when it is sent, and nothing is kept for later.</summary>
/// <param name="time">By which requests time out.</param>
/// <param name="most">Bytes of a message's data.</param>
public sealed class MemoryMessaging(TimeProvider time, int most = 1 << 20) : ITypes, IProducer, IRequestReply
{
    ImmutableDictionary<string, ImmutableList<Func<Message, Replies, ValueTask>>> _subscribers =
        ImmutableDictionary.Create<string, ImmutableList<Func<Message, Replies, ValueTask>>>(StringComparer.Ordinal);

    /// <summary>Calls a function with each message that is sent to a topic, until what is returned is disposed of.</summary>
    /// <param name="topic">Compared by its characters; there are no wildcards.</param>
    /// <param name="receive">Gets the message and where replies to it go; the sender waits for it.</param>
    public IDisposable Subscribe(string topic, Func<Message, Replies, ValueTask> receive)
    {
        ImmutableInterlocked.AddOrUpdate(ref _subscribers, topic, [receive], (_, all) => all.Add(receive));
        return new Subscription(() => ImmutableInterlocked.AddOrUpdate(ref _subscribers, topic, [], (_, all) => all.Remove(receive)));
    }

    public Result<IClient, Error> ClientConnect(string name) => new MemoryClient(this);

    public IMessage NewMessage(ReadOnlyMemory<byte> data) => new Message(data);

    public IRequestOptions NewRequestOptions() => new RequestOptions();

    public async ValueTask<Result<Unit, Error>> Send(IClient c, string topic, IMessage message)
    {
        using var sent = (Message)message;
        if (Refusal(c, sent) is { } refusal)
            return refusal;
        await DeliverAsync(sent.At(topic), new Replies(0));
        return default(Unit);
    }

    public async ValueTask<Result<IMessage[], Error>> Request(IClient c, string topic, IMessage message, IRequestOptions? options)
    {
        using var chosen = (RequestOptions?)options;
        var sent = (Message)message;
        if (Refusal(c, sent) is { } refusal)
            return refusal;
        if (_subscribers.GetValueOrDefault(topic) is null or { IsEmpty: true })
            return new Error.Connection($"nobody listens to {topic}");
        var replies = new Replies(chosen?.ExpectedReplies ?? 1);
        var answered = Task.WhenAll(DeliverAsync(sent.At(topic), replies).AsTask(), replies.Complete);
        try
        {
            await (chosen?.Timeout is { } timeout ? answered.WaitAsync(timeout, time) : answered);
        }
        catch (TimeoutException)
        {
            // What has come until then counts
        }

        IMessage[] given = [.. replies.Given];
        return given.Length > 0 || replies.Expected == 0 ? given : new Error.Timeout();
    }

    public ValueTask<Result<Unit, Error>> Reply(IMessage replyTo, IMessage message)
    {
        using var reply = (Message)message;
        if (((Message)replyTo).Replies is not { } replies)
            return ValueTask.FromResult<Result<Unit, Error>>(new Error.Other("the message asks for no reply"));
        replies.Add(reply.At(replyTo.Topic() ?? ""));
        return ValueTask.FromResult<Result<Unit, Error>>(default(Unit));
    }

    async ValueTask DeliverAsync(Message message, Replies replies)
    {
        message.Replies = replies.Expected > 0 ? replies : null;
        foreach (var receive in _subscribers.GetValueOrDefault(message.Topic()!) ?? [])
            await receive(message, replies);
    }

    Error? Refusal(IClient client, Message message) =>
        client is not MemoryClient { Connected: true } own || own.Service != this ? new Error.Connection("the client is not connected")
        : message.Data().Length > most ? new Error.Other($"a message holds at most {most} bytes, not {message.Data().Length}")
        : null;

    sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi.Messaging;

namespace Allotrope.Actors;

/// <summary><c>wasi:messaging</c> of one instance: topics are the subjects of the providers that it is linked to, a client is a link.</summary>
sealed class LinkedTopics(ProviderSubjects subjects, Assignment assignment) : ITypes, IProducer, IRequestReply
{
    const string Package = "wasi:messaging", Producer = "producer", RequestReply = "request-reply";

    /// <summary>Replies that a request may wait for: a handle each.</summary>
    const uint MostReplies = 1024;

    readonly MessageHoldings _holdings = new();

    /// <summary>Messages and clients reach nothing by themselves, so that this needs no link.</summary>
    public static void AddTypes(ComponentLinker<ComponentState> linker) => TypesInterface.AddTo(linker, state => state.WasiMessages);

    public static void AddProducer(ComponentLinker<ComponentState> linker) => ProducerInterface.AddTo(linker, state => state.WasiMessages);

    public static void AddRequestReply(ComponentLinker<ComponentState> linker) => RequestReplyInterface.AddTo(linker, state => state.WasiMessages);

    /// <summary>A message that has come, as the guest gets it.</summary>
    /// <exception cref="ComponentTrap">It holds too much already.</exception>
    public IMessage Receive(MessageDelivery delivery) => new LinkedMessage(_holdings, delivery.Message, delivery.Provider);

    /// <summary>The client of the link of that name; no name at all is the link's that has none either.</summary>
    public Result<IClient, Error> ClientConnect(string name)
    {
        var wanted = name.Length == 0 ? Contracts.Component.DefaultLinkName : name;
        var links = assignment.Links.Where(link => link.Contract == Package && link.Name == wanted).ToList();
        return links.Count == 0
            ? new Error.Connection($"no link to a provider of {Package} is named {wanted}")
            : Result<IClient, Error>.Ok(new LinkedClient(links));
    }

    public IMessage NewMessage(ReadOnlyMemory<byte> data) => new LinkedMessage(_holdings, data);

    public IRequestOptions NewRequestOptions() => new ReplyRules();

    public async ValueTask<Result<Unit, Error>> Send(IClient c, string topic, IMessage message)
    {
        using var sent = (LinkedMessage)message;
        var provider = ((LinkedClient)c).ProviderOf(Producer);
        return provider.IsOk ? await SendAsync(provider.Value, sent.To(topic)) : provider.Error;
    }

    public async ValueTask<Result<IMessage[], Error>> Request(IClient c, string topic, IMessage message, IRequestOptions? options)
    {
        using var rules = (ReplyRules?)options ?? new ReplyRules();
        var provider = ((LinkedClient)c).ProviderOf(RequestReply);
        if (!provider.IsOk)
            return provider.Error;
        if (rules.Expected > MostReplies)
            return new Error.Other($"a request waits for {MostReplies} replies at most, not for {rules.Expected}");
        var sent = ((LinkedMessage)message).To(topic);
        if (rules.Expected == 0)
            return (await SendAsync(provider.Value, sent)).Select<IMessage[]>(_ => []);
        List<LinkedMessage> replies = [];
        try
        {
            await foreach (var reply in subjects.RequestAsync(provider.Value, sent, (int)rules.Expected, rules.Time))
                replies.Add(_holdings.HasRoomFor(LinkedMessage.BytesOf(reply))
                    ? new LinkedMessage(_holdings, reply, provider.Value)
                    : throw new FaultException(new Fault.Exhausted(
                        $"with the replies the component would hold messages of more than {MessageHoldings.MostBytes} bytes: expect fewer, or drop what is read")));
            return replies.Count > 0 ? replies.ToArray<IMessage>() : new Error.Timeout();
        }
        catch (FaultException error)
        {
            replies.ForEach(reply => reply.Dispose());
            return ErrorOf(error.Fault);
        }
    }

    /// <summary>To a message that wants no reply, none is sent.</summary>
    public async ValueTask<Result<Unit, Error>> Reply(IMessage replyTo, IMessage message)
    {
        using var reply = (LinkedMessage)message;
        if (replyTo is not LinkedMessage { ReplyTo: { } topic, Provider: { } provider })
            return default(Unit);
        if (!assignment.Links.Any(link => link.Workload == provider && link.Contract == Package && link.Interfaces.Contains(RequestReply)))
            return new Error.PermissionDenied($"no link to {provider} is for {Package}/{RequestReply}");
        return await SendAsync(provider, reply.To(topic));
    }

    /// <summary>What a guest says is wrong with a message.</summary>
    public static string TextOf(Error error) => error switch
    {
        Error.Connection { Value: var why } => why,
        Error.PermissionDenied { Value: var why } => why,
        Error.Other { Value: var why } => why,
        _ => "it timed out",
    };

    async ValueTask<Result<Unit, Error>> SendAsync(string provider, BrokerMessage message)
    {
        try
        {
            await subjects.SendAsync(provider, message);
            return default(Unit);
        }
        catch (FaultException error)
        {
            return ErrorOf(error.Fault);
        }
    }

    static Error ErrorOf(Fault fault) => fault is Fault.Unreachable ? new Error.Connection(fault.Message) : new Error.Other(fault.Message);
}

using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasmcloud.Messaging;
using BrokerMessage = Allotrope.Wasmcloud.Messaging.BrokerMessage;

namespace Allotrope.Actors;

/// <summary><c>wasmcloud:messaging/consumer</c> of one instance: it sends on the subjects of the provider that it is linked to.</summary>
sealed class LinkedMessages(ProviderSubjects subjects, Assignment assignment) : IConsumer
{
    const string Package = "wasmcloud:messaging";

    public static void AddConsumer(ComponentLinker<ComponentState> linker) => ConsumerInterface.AddTo(linker, state => state.Messages);

    public async ValueTask<Result<Unit, string>> Publish(BrokerMessage msg)
    {
        try
        {
            await subjects.SendAsync(Provider, new(msg.Subject, msg.Body, msg.ReplyTo));
            return default(Unit);
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
    }

    public async ValueTask<Result<BrokerMessage, string>> Request(string subject, ReadOnlyMemory<byte> body, uint timeoutMs)
    {
        try
        {
            await foreach (var reply in subjects.RequestAsync(Provider, new(subject, body), expected: 1, TimeSpan.FromMilliseconds(timeoutMs)))
                return new BrokerMessage(reply.Subject, reply.Body, reply.ReplyTo);
            return $"nobody has answered on {subject} within {timeoutMs} ms";
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
    }

    string Provider => assignment.Links.First(link => link.Contract == Package && link.Interfaces.Contains("consumer")).Workload;
}

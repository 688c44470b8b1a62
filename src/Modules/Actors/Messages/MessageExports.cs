using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi.Messaging;
using BrokerMessage = Allotrope.Wasmcloud.Messaging.BrokerMessage;

namespace Allotrope.Actors;

/// <summary>What an instance of a component exports to be given messages.</summary>
readonly record struct MessageExports(
    Func<BrokerMessage, ValueTask<Result<Unit, string>>>? HandleMessage,
    Func<IMessage, ValueTask<Result<Unit, Error>>>? Handle)
{
    const string Wasmcloud = "wasmcloud:messaging/handler";
    const string Wasi = "wasi:messaging/incoming-handler";

    public static MessageExports Of(ComponentInstance instance) => new(
        instance.TryGetInstance($"{Wasmcloud}@0.2.0", out var wasmcloud) // any version that is compatible
            ? wasmcloud.GetFunction<Func<BrokerMessage, ValueTask<Result<Unit, string>>>>("handle-message")
            : null,
        instance.TryGetInstance($"{Wasi}@0.2.0-draft", out var wasi)
            ? wasi.GetFunction<Func<IMessage, ValueTask<Result<Unit, Error>>>>("handle")
            : null);

    public bool Has(string handler) => handler switch
    {
        Wasmcloud => HandleMessage is not null,
        Wasi => Handle is not null,
        _ => false,
    };

    /// <summary>Gives the guest a message by the interface that its link is for, which it <see cref="Has"/>.</summary>
    /// <returns>What it says is wrong with it, if anything.</returns>
    public async ValueTask<string?> TakeAsync(MessageDelivery delivery, LinkedTopics topics)
    {
        if (delivery.Interface == Wasi)
            return await Handle!(topics.Receive(delivery)) is { IsOk: false } failed ? LinkedTopics.TextOf(failed.Error) : null;
        var message = delivery.Message;
        return await HandleMessage!(new(message.Subject, message.Body, message.ReplyTo)) is { IsOk: false } refused ? refused.Error : null;
    }
}

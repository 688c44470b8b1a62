namespace Allotrope.Lattice;

/// <summary>Who is told of messages on a pattern: a <see cref="Subscriber"/> or a <see cref="Responder"/>.</summary>
abstract class Receiver(string pattern, string? queueGroup)
{
    public string Pattern { get; } = pattern;

    public string? QueueGroup { get; } = queueGroup;

    /// <summary>Hands over a message without waiting; false when the receiver has been closed.</summary>
    public abstract bool Deliver(in Message message);

    /// <summary>Ends the receiver because its lattice is closed.</summary>
    public abstract ValueTask CloseAsync();
}

/// <summary>Puts messages into a subscription's channel.</summary>
sealed class Subscriber(Subscription subscription, string? queueGroup) : Receiver(subscription.Pattern, queueGroup)
{
    public override bool Deliver(in Message message) => subscription.Deliver(message);

    public override ValueTask CloseAsync() => subscription.DisposeAsync();
}

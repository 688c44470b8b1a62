namespace Allotrope.Chaos.Proxies;

/// <summary>What a <see cref="ChaosProxy"/> does with the bytes it carries.</summary>
enum Weather
{
    Calm,

    /// <summary>Carries nothing on, and takes no more than its buffers hold: a peer that has stopped reading, or a network that holds its breath.</summary>
    Stalled,

    /// <summary>Takes everything and carries nothing on: a partition. What is connected then is cut when the weather clears.</summary>
    Dropping,
}

using Allotrope.Kernel;

namespace Allotrope.Artery.Client;

/// <summary>Who a service is, and how it meets its core.</summary>
public sealed record ArteryServiceOptions
{
    public required string Zone { get; init; }

    public required string Service { get; init; }

    /// <summary>The zone's key, or during a rotation two; or a user's derived key.</summary>
    public required IReadOnlyList<ArteryKey> Keys { get; init; }

    /// <summary>Whose key it is; <see langword="null"/> for the zone's own.</summary>
    public string? User { get; init; }

    public required CoreWay Core { get; init; }

    public QueueLimits Queue { get; init; } = new();

    /// <summary>Told why, once, when a limit of the queue says to self-destruct; the service has begun to close, and ending the program is the program's matter.</summary>
    public Action<string>? SelfDestructed { get; init; }

    /// <summary>Told when intents were missed. Called by the reading loop: it must not block.</summary>
    public Action<Gap>? Missed { get; init; }

    /// <summary>One line for each thing that went wrong. Called by the reading loop: it must not block.</summary>
    public Action<string>? Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IRandom Random { get; init; } = SystemRandom.Instance;
}

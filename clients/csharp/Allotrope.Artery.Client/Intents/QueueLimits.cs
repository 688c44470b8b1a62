namespace Allotrope.Artery.Client;

/// <summary>How much may wait for the core, and what happens beyond it.</summary>
public sealed record QueueLimits
{
    /// <summary>Intents that wait at most.</summary>
    public int Count { get; init; } = 1024;

    /// <summary>Bytes of their data that wait at most.</summary>
    public int Bytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Since the last heartbeat, after which what waits is too old; <see langword="null"/> for never.</summary>
    public TimeSpan? Age { get; init; }

    public QueueOverflow Overflow { get; init; } = QueueOverflow.DropOldest;
}

/// <summary>What a service does when more waits than may.</summary>
public enum QueueOverflow
{
    /// <summary>The oldest make room, and are counted.</summary>
    DropOldest,

    /// <summary>The service closes and calls <see cref="ArteryServiceOptions.SelfDestructed"/>, so that its program can end and be started again.</summary>
    SelfDestruct,
}

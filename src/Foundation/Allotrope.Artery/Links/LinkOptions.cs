namespace Allotrope.Artery;

/// <summary>How a link treats what waits to be sent.</summary>
public sealed record LinkOptions
{
    public static readonly LinkOptions Default = new();

    const int MaxQueue = 1_000_000;

    /// <summary>Intents that wait at most, 1 to 1,000,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to another number.</exception>
    public int Queue
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxQueue);
            field = value;
        }
    } = 1024;

    /// <summary>Bytes of intents' data that wait at most.</summary>
    public int QueueBytes { get; init; } = ArteryLimits.LaneBytes;

    public QueuePolicy Policy { get; init; } = QueuePolicy.DropOldest;
}

namespace Allotrope.Arteries;

/// <summary>What a zone lets its services cost.</summary>
public sealed record ZoneLimits
{
    /// <summary>
    /// Intents and frames together that one service may say in a second before its artery is closed with 4429; one second's worth at once.
    /// </summary>
    public double SaidPerSecond { get; init; } = 1_000_000;

    /// <summary>Users of a service, such as browsers with keys of their own, that a zone knows at most.</summary>
    public int Users { get; init; } = 1024;
}

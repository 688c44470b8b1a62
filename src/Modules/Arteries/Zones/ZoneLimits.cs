namespace Allotrope.Arteries;

/// <summary>What a zone lets its services cost.</summary>
public sealed record ZoneLimits
{
    /// <summary>Users of a service, such as browsers with keys of their own, that a zone knows at most.</summary>
    public int Users { get; init; } = 1024;
}

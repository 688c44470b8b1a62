namespace Allotrope.Artery.Client;

/// <summary>An intent as a handler gets it.</summary>
/// <param name="Origin">The service that built it, in one of its lives.</param>
/// <param name="Sequence">What its origin has built, counted from 1.</param>
/// <param name="Time">When it was built, by its origin's clock.</param>
public sealed record ReceivedIntent(string Name, Origin Origin, long Sequence, DateTimeOffset Time, ArteryData Data);

namespace Allotrope.Artery.Client;

/// <summary>What came of one life of an origin.</summary>
/// <param name="HighSequence">The highest sequence number that the core or this service has seen.</param>
/// <param name="Arrived">Intents that arrived here.</param>
/// <param name="Missed">Intents meant for this service that did not; exact, as of the last heartbeat.</param>
/// <param name="Unknown">Intents that not even the core saw; they may have been meant for this service.</param>
public readonly record struct Gap(string Origin, long Epoch, long HighSequence, long Arrived, long Missed, long Unknown);

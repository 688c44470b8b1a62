namespace Allotrope.Artery;

/// <summary>One text frame of the original Ozone: intents, or the answer to one that asked for it.</summary>
/// <param name="IsBatch">It is a backlog.</param>
/// <param name="AckKey">What the receiver is to answer with; <see langword="null"/> when nobody asks.</param>
/// <param name="AckReplyKey">The answer; <see langword="null"/> when it is none.</param>
public sealed record LegacyMessage(IReadOnlyList<LegacyIntent> Payload, bool IsBatch = false, string? AckKey = null, string? AckReplyKey = null);

/// <summary>An intent of the original: it has neither time nor sequence.</summary>
/// <param name="ArteryName">Towards a service the origin; from one, whatever it says.</param>
/// <param name="Data">One CBOR item; empty for null.</param>
public readonly record struct LegacyIntent(string ArteryName, string Name, ReadOnlyMemory<byte> Data);

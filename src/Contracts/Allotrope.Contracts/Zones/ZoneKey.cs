namespace Allotrope.Contracts;

/// <summary>The key of a zone on its way into the node's secrets. Never logged, never in a blueprint.</summary>
/// <param name="Name">As <see cref="ZoneManifest.Key"/> names it.</param>
/// <param name="Key">The content of <c>o3_key</c>; white space at its end does not count.</param>
public sealed record ZoneKey(string Name, ReadOnlyMemory<byte> Key);

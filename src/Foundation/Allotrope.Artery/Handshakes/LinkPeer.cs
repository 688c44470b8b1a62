namespace Allotrope.Artery;

/// <summary>Who is at the other end of a link, as the handshake has proved it.</summary>
/// <param name="Role">Of the other end.</param>
/// <param name="Service">The service's name, whichever end it is.</param>
/// <param name="User">Whose key it was; <see langword="null"/> for the zone's own.</param>
/// <param name="Epoch">Of the other end.</param>
/// <param name="ManifestHash">As the dialler knows it; empty when it did not say or when this end dialled.</param>
public sealed record LinkPeer(ArteryRole Role, string Zone, string Service, string? User, long Epoch, bool Sealed, ReadOnlyMemory<byte> ManifestHash);

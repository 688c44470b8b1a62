namespace Allotrope.Artery;

/// <summary>What the dialler says of itself.</summary>
public sealed record HandshakeOffer
{
    /// <summary>What the dialler is; the other end must be the other.</summary>
    public required ArteryRole Role { get; init; }

    public required string Zone { get; init; }

    /// <summary>The service's name, on both sides: a core says whom it means, a service says its own.</summary>
    public required string Service { get; init; }

    /// <summary>The zone's key, or its user's when <see cref="User"/> is said.</summary>
    public required ArteryKey Key { get; init; }

    public string? User { get; init; }

    /// <summary>Of the dialler: a number chosen at its start, larger at each.</summary>
    public required long Epoch { get; init; }

    /// <summary>Encrypts every frame after the handshake; false only with TLS, on loopback or in one process.</summary>
    public bool Sealed { get; init; } = true;

    /// <summary>SHA-256 of the zone's manifest as the dialler knows it, 32 bytes, or empty.</summary>
    public ReadOnlyMemory<byte> ManifestHash { get; init; }
}

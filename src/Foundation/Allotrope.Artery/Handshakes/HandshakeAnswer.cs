namespace Allotrope.Artery;

/// <summary>What the acceptor's judge answers a <see cref="Hello"/> with; <see langword="null"/> in its place refuses without saying why.</summary>
public sealed record HandshakeAnswer
{
    /// <summary>What the acceptor is.</summary>
    public required ArteryRole Role { get; init; }

    /// <summary>The zone's keys, one or during a rotation two; a user's are derived from them.</summary>
    public required IReadOnlyList<ArteryKey> Keys { get; init; }

    /// <summary>Of the acceptor.</summary>
    public required long Epoch { get; init; }

    /// <summary>Refuses an artery that is not encrypted: for wires without TLS between machines.</summary>
    public bool RequireSealed { get; init; }

    public required ILinkReceiver Receiver { get; init; }

    public LinkOptions Options { get; init; } = LinkOptions.Default;
}

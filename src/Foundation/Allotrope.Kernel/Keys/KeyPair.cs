namespace Allotrope.Kernel;

/// <summary>An Ed25519 key pair. Keeps the 32-byte seed in memory and clears it when disposed.</summary>
public sealed class KeyPair : IDisposable
{
    public PublicKey PublicKey => throw new NotImplementedException();

    /// <summary>Makes a new pair from <paramref name="random"/>.</summary>
    public static KeyPair Create(KeyRole role, IRandom random) => throw new NotImplementedException();

    /// <summary>Reads a seed in nkey text form (58 characters, beginning with S and the role's letter).</summary>
    /// <exception cref="FormatException">The text is no seed: one sentence says why, without the text.</exception>
    public static KeyPair FromSeed(string seed) => throw new NotImplementedException();

    /// <summary>The seed in nkey text form: secret, never logged.</summary>
    public string ToSeed() => throw new NotImplementedException();

    /// <summary>The 64-byte Ed25519 signature (RFC 8032) of <paramref name="message"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

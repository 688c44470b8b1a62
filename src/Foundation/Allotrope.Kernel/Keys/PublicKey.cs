namespace Allotrope.Kernel;

/// <summary>
/// An Ed25519 public key with its role, in nkey text form: base32 of prefix byte, 32 key bytes and little-endian CRC-16/XMODEM, 56 characters.
/// </summary>
public readonly record struct PublicKey : IParsable<PublicKey>
{
    readonly string? _text;

    PublicKey(string text) => _text = text;

    public KeyRole Role => throw new NotImplementedException();

    /// <summary>Checks an Ed25519 signature (RFC 8032) over <paramref name="message"/>. False for any signature that does not verify.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => throw new NotImplementedException();

    /// <exception cref="FormatException">The text is no public nkey: one sentence says why.</exception>
    public static PublicKey Parse(string s, IFormatProvider? provider) => throw new NotImplementedException();

    public static bool TryParse(string? s, IFormatProvider? provider, out PublicKey result) => throw new NotImplementedException();

    public override string ToString() => _text ?? "";
}

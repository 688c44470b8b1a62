using System.Buffers.Binary;

namespace Allotrope.Kernel;

/// <summary>
/// An Ed25519 public key with its role, in nkey text form: base32 of prefix byte, 32 key bytes and little-endian CRC-16/XMODEM, 56 characters.
/// A value: compared and hashed without touching text. The default value is no key: its text is empty and it verifies nothing.
/// </summary>
public readonly record struct PublicKey : IParsable<PublicKey>
{
    // The role with its lowest bit, never part of a role, set: so the default value, all zero, is nobody's key.
    readonly byte _tag;
    readonly UInt128 _high;
    readonly UInt128 _low;

    PublicKey(KeyRole role, ReadOnlySpan<byte> key)
    {
        _tag = (byte)((byte)role | 1);
        _high = BinaryPrimitives.ReadUInt128BigEndian(key);
        _low = BinaryPrimitives.ReadUInt128BigEndian(key[16..]);
    }

    public KeyRole Role => (KeyRole)(_tag & ~1);

    /// <summary>True for the default value, which is no key.</summary>
    public bool IsEmpty => _tag == 0;

    /// <param name="key">The 32 raw bytes of RFC 8032.</param>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static PublicKey FromBytes(KeyRole role, ReadOnlySpan<byte> key) => key.Length == Ed25519.KeySize
        ? new PublicKey(role, key)
        : throw new ArgumentException($"An Ed25519 public key has {Ed25519.KeySize} bytes, not {key.Length}.", nameof(key));

    /// <summary>Checks an Ed25519 signature (RFC 8032) over <paramref name="message"/>. False for any signature that does not verify.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (IsEmpty)
            return false;

        Span<byte> key = stackalloc byte[Ed25519.KeySize];
        CopyTo(key);
        return Ed25519.Verify(key, message, signature);
    }

    /// <summary>Writes the 32 raw bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <exception cref="FormatException">The text is no public nkey: one sentence says why.</exception>
    public static PublicKey Parse(ReadOnlySpan<char> text) => Read(text, out var key) is { } problem ? throw new FormatException(problem) : key;

    /// <exception cref="FormatException">The text is no public nkey: one sentence says why.</exception>
    public static PublicKey Parse(string s, IFormatProvider? provider) => Parse(s);

    public static bool TryParse(string? s, IFormatProvider? provider, out PublicKey result) => TryParse(s, out result);

    public static bool TryParse(ReadOnlySpan<char> text, out PublicKey result) => Read(text, out result) is null;

    public override string ToString()
    {
        if (IsEmpty)
            return "";

        Span<byte> key = stackalloc byte[Ed25519.KeySize];
        CopyTo(key);
        return KeyText.Encode(Role, key);
    }

    static string? Read(ReadOnlySpan<char> text, out PublicKey result)
    {
        Span<byte> key = stackalloc byte[Ed25519.KeySize];
        var problem = KeyText.Decode(text, key, out var role);
        result = problem is null ? new PublicKey(role, key) : default;
        return problem;
    }
}

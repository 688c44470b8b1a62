using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Allotrope.Kernel;

/// <summary>
/// The text form of nkeys: base32 of prefix, 32 key bytes and the little-endian CRC-16 of both. A public key has a prefix of one byte, its role; a
/// seed has two, eleven bits of which are "seed" and the role, so that both begin with readable letters.
/// </summary>
static class KeyText
{
    public const int PublicLength = 56;
    public const int SeedLength = 58;

    const int SeedPrefix = 18 << 3;
    const int PublicBytes = 1 + Ed25519.KeySize + 2;
    const int SeedBytes = 2 + Ed25519.KeySize + 2;

    public static string Encode(KeyRole role, ReadOnlySpan<byte> key)
    {
        Span<byte> raw = stackalloc byte[PublicBytes];
        raw[0] = (byte)role;
        return Seal(raw, key, prefix: 1);
    }

    public static string EncodeSeed(KeyRole role, ReadOnlySpan<byte> seed)
    {
        Span<byte> raw = stackalloc byte[SeedBytes];
        raw[0] = (byte)(SeedPrefix | ((byte)role >> 5));
        raw[1] = (byte)(((byte)role & 31) << 3);
        var text = Seal(raw, seed, prefix: 2);
        CryptographicOperations.ZeroMemory(raw);
        return text;
    }

    /// <summary>Decodes a public key; the problem as one sentence, or null.</summary>
    public static string? Decode(ReadOnlySpan<char> text, Span<byte> key, out KeyRole role)
    {
        Span<byte> raw = stackalloc byte[PublicBytes];
        role = default;
        if (text.Length != PublicLength)
            return $"A public key has {PublicLength} characters, this text has {text.Length}.";
        if (Open(text, raw, "A public key") is { } problem)
            return problem;

        role = (KeyRole)raw[0];
        raw.Slice(1, Ed25519.KeySize).CopyTo(key);
        return Enum.IsDefined(role) ? null : $"A public key begins with A, C, M, N, O, U or V; this one begins with {text[0]}.";
    }

    /// <summary>Decodes a seed; the problem as one sentence that does not repeat the text, or null.</summary>
    public static string? DecodeSeed(ReadOnlySpan<char> text, Span<byte> seed, out KeyRole role)
    {
        Span<byte> raw = stackalloc byte[SeedBytes];
        role = default;
        if (text.Length != SeedLength)
            return $"A seed has {SeedLength} characters, this text has {text.Length}.";

        var problem = Open(text, raw, "A seed");
        if (problem is null && (raw[0] & 0xf8) != SeedPrefix)
            problem = "A seed begins with S; this text is a key of another kind.";

        role = (KeyRole)(byte)((raw[0] << 5) | (raw[1] >> 3));
        if (problem is null && (!Enum.IsDefined(role) || (raw[1] & 7) != 0))
            problem = "A seed's second letter names its role: A, C, M, N, O, U or V.";

        if (problem is null)
            raw.Slice(2, Ed25519.KeySize).CopyTo(seed);

        CryptographicOperations.ZeroMemory(raw);
        return problem;
    }

    static string Seal(Span<byte> raw, ReadOnlySpan<byte> key, int prefix)
    {
        key.CopyTo(raw[prefix..]);
        BinaryPrimitives.WriteUInt16LittleEndian(raw[^2..], Crc16.Of(raw[..^2]));

        Span<char> text = stackalloc char[Base32.EncodedLength(raw.Length)];
        Base32.Encode(raw, text);
        var result = new string(text);
        text.Clear();
        return result;
    }

    static string? Open(ReadOnlySpan<char> text, Span<byte> raw, string what)
    {
        if (!Base32.TryDecode(text, raw))
            return $"{what} is written in the letters A to Z and the digits 2 to 7; this text has another character or ends wrongly.";

        return BinaryPrimitives.ReadUInt16LittleEndian(raw[^2..]) == Crc16.Of(raw[..^2])
            ? null
            : $"{what} ends in a checksum, and this one's does not match: a character is mistyped.";
    }
}

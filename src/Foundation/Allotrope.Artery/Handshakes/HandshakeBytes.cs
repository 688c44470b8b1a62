using System.Security.Cryptography;

namespace Allotrope.Artery;

/// <summary>The pieces the three messages of the handshake share.</summary>
static class HandshakeBytes
{
    public const int MacBytes = 32;

    public static ReadOnlySpan<byte> After(ControlType type, ReadOnlySpan<byte> payload) =>
        payload.Length > 0 && payload[0] == (byte)type ? payload[1..] : throw NotAuthenticated();

    /// <summary>One answer for an unknown zone, service, user or key and for a wrong mac, so that nothing can be learned by trying.</summary>
    public static ArteryException NotAuthenticated() => new(CloseCode.NotAuthenticated, "The handshake does not prove the zone's key.");

    public static ArteryRole ReadRole(ref CborReader cbor) => (ArteryRole)cbor.ReadCount(1);

    public static string ReadName(ref CborReader cbor) =>
        cbor.ReadText(ArteryLimits.NameBytes) is { Length: > 0 } name && PlainText.Of(name) == name
            ? name
            : throw ArteryException.Malformed("A name is empty or more than one line.");

    public static byte[] ReadExactly(ref CborReader cbor, int bytes)
    {
        var read = cbor.ReadBytes(bytes);
        return read.Length == bytes
            ? read.ToArray()
            : throw ArteryException.Malformed($"A field has {read.Length} bytes where {bytes} were expected.");
    }

    /// <summary>HMAC-SHA256(key, label | SHA-256(first) | SHA-256(second)).</summary>
    public static byte[] Mac(ArteryKey key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> text = stackalloc byte[label.Length + 2 * SHA256.HashSizeInBytes];
        label.CopyTo(text);
        SHA256.HashData(first, text[label.Length..]);
        SHA256.HashData(second, text[(label.Length + SHA256.HashSizeInBytes)..]);
        return HMACSHA256.HashData(key.Secret, text);
    }

    public static bool AreSame(ReadOnlySpan<byte> mac, ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(mac, other);
}

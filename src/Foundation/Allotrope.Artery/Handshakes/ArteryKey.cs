using System.Security.Cryptography;
using System.Text;

namespace Allotrope.Artery;

/// <summary>
/// The key of a zone, or of one user in it, as both ends derive it from <c>o3_key</c>; never on the wire and never in a log.
/// </summary>
public sealed class ArteryKey
{
    public const int Bytes = 32;
    public const int IdBytes = 8;

    readonly byte[] _key;
    readonly byte[] _id;

    ArteryKey(byte[] key)
    {
        _key = key;
        _id = HMACSHA256.HashData(key, "artery/1 id"u8)[..IdBytes];
    }

    /// <summary>By which the other end picks among the keys it knows.</summary>
    public ReadOnlySpan<byte> Id => _id;

    internal ReadOnlySpan<byte> Secret => _key;

    /// <summary>Derives a zone's key from its secret; white space at its end does not count, because files end in a line feed.</summary>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static ArteryKey OfZone(ReadOnlySpan<byte> secret, string zone)
    {
        secret = secret.TrimEnd(" \t\r\n"u8);
        if (secret.IsEmpty)
            throw new ArgumentException("The zone's key is empty.", nameof(secret));
        return Derive(secret, "artery/1"u8, zone);
    }

    /// <summary>A key that was derived elsewhere, as a browser's user holds it: <see cref="Bytes"/> bytes, which are copied.</summary>
    public static ArteryKey OfBytes(ReadOnlySpan<byte> key)
    {
        if (key.Length != Bytes)
            throw new ArgumentException($"A derived key has {Bytes} bytes; this has {key.Length}.", nameof(key));
        return new ArteryKey(key.ToArray());
    }

    /// <summary>
    /// The key of one user of one service, from which the zone's cannot be had. It opens for that service only, because others may say and hear more.
    /// </summary>
    public ArteryKey ForUser(string service, string user) => Derive(_key, "artery/1 user"u8, $"{service}/{user}");

    /// <summary>The key itself, to be handed to its user over a private way.</summary>
    public byte[] Export() => [.. _key];

    public override string ToString() => $"artery key {Convert.ToHexStringLower(_id)}";

    static ArteryKey Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, string info)
    {
        var key = new byte[Bytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, Encoding.UTF8.GetBytes(info));
        return new ArteryKey(key);
    }
}

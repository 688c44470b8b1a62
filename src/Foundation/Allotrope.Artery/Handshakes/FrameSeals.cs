using System.Security.Cryptography;

namespace Allotrope.Artery;

/// <summary>The two seals of an encrypted link, one a direction.</summary>
sealed record FrameSeals(FrameSeal Outgoing, FrameSeal Incoming) : IDisposable
{
    public static FrameSeals Derive(ArteryKey key, ReadOnlySpan<byte> nonceA, ReadOnlySpan<byte> nonceB, bool dialler)
    {
        byte[] salt = [.. nonceA, .. nonceB];
        var ab = new FrameSeal(DeriveKey(key, salt, "artery/1 a>b"u8));
        var ba = new FrameSeal(DeriveKey(key, salt, "artery/1 b>a"u8));
        return dialler ? new FrameSeals(ab, ba) : new FrameSeals(ba, ab);
    }

    public void Dispose()
    {
        Outgoing.Dispose();
        Incoming.Dispose();
    }

    internal static byte[] DeriveKey(ArteryKey key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info)
    {
        var derived = new byte[ArteryKey.Bytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret, derived, salt, info);
        return derived;
    }
}

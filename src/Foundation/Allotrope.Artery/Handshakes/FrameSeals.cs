using System.Security.Cryptography;

namespace Allotrope.Artery;

/// <summary>The two seals of an encrypted link, one a direction.</summary>
sealed record FrameSeals(FrameSeal Outgoing, FrameSeal Incoming) : IDisposable
{
    public static FrameSeals Derive(ArteryKey key, ReadOnlySpan<byte> nonceA, ReadOnlySpan<byte> nonceB, bool dialler)
    {
        byte[] salt = [.. nonceA, .. nonceB];
        var ab = Derive(key, salt, "artery/1 a>b"u8);
        var ba = Derive(key, salt, "artery/1 b>a"u8);
        return dialler ? new FrameSeals(ab, ba) : new FrameSeals(ba, ab);
    }

    public void Dispose()
    {
        Outgoing.Dispose();
        Incoming.Dispose();
    }

    static FrameSeal Derive(ArteryKey key, byte[] salt, ReadOnlySpan<byte> info)
    {
        Span<byte> derived = stackalloc byte[ArteryKey.Bytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret, derived, salt, info);
        return new FrameSeal(derived);
    }
}

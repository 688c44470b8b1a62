using System.Security.Cryptography;

namespace Allotrope.Kernel;

/// <summary>
/// An Ed25519 key pair. Keeps the 32-byte seed in memory, in one place the garbage collector does not move, and clears it when disposed.
/// Signing from several threads is fine; disposing while another thread signs is not.
/// </summary>
public sealed class KeyPair : IDisposable
{
    readonly byte[] _seed;
    bool _disposed;

    KeyPair(KeyRole role, byte[] seed)
    {
        Span<byte> key = stackalloc byte[Ed25519.KeySize];
        Ed25519.PublicKeyOf(seed, key);
        PublicKey = PublicKey.FromBytes(role, key);
        _seed = seed;
    }

    public PublicKey PublicKey { get; }

    internal byte[] Seed => _seed;

    /// <summary>Makes a new pair from <paramref name="random"/>.</summary>
    /// <exception cref="FaultException">libcrypto is not on this machine.</exception>
    public static KeyPair Create(KeyRole role, IRandom random)
    {
        var seed = NewSeed();
        random.Fill(seed);
        return new KeyPair(role, seed);
    }

    /// <summary>Reads a seed in nkey text form (58 characters, beginning with S and the role's letter).</summary>
    /// <exception cref="FormatException">The text is no seed: one sentence says why, without the text.</exception>
    /// <exception cref="FaultException">libcrypto is not on this machine.</exception>
    public static KeyPair FromSeed(ReadOnlySpan<char> seed)
    {
        var bytes = NewSeed();
        return KeyText.DecodeSeed(seed, bytes, out var role) is { } problem ? throw new FormatException(problem) : new KeyPair(role, bytes);
    }

    /// <summary>The seed in nkey text form: secret, never logged.</summary>
    /// <exception cref="ObjectDisposedException"/>
    public string ToSeed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return KeyText.EncodeSeed(PublicKey.Role, _seed);
    }

    /// <summary>The 64-byte Ed25519 signature (RFC 8032) of <paramref name="message"/>.</summary>
    /// <exception cref="ObjectDisposedException"/>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Ed25519.Sign(_seed, message);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_seed);
    }

    static byte[] NewSeed() => GC.AllocateArray<byte>(Ed25519.KeySize, pinned: true);
}

using System.Security.Cryptography;

namespace Allotrope.Kernel;

/// <summary>Ed25519 (RFC 8032, section 5.1, pure) over raw keys.</summary>
static class Ed25519
{
    public const int KeySize = 32;
    public const int SignatureSize = 64;

    public static void PublicKeyOf(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        LibCrypto.Require();
        var key = LibCrypto.NewPrivateKey(LibCrypto.Ed25519, 0, seed, (nuint)seed.Length);
        try
        {
            var length = (nuint)publicKey.Length;
            Check(LibCrypto.GetPublicKey(key, publicKey, ref length) == 1 && length == KeySize);
        }
        finally
        {
            LibCrypto.FreeKey(key);
        }
    }

    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        LibCrypto.Require();
        var key = LibCrypto.NewPrivateKey(LibCrypto.Ed25519, 0, seed, (nuint)seed.Length);
        var context = LibCrypto.NewContext();
        try
        {
            var signature = new byte[SignatureSize];
            var length = (nuint)SignatureSize;
            Check(LibCrypto.SignInit(context, 0, 0, 0, key) == 1);
            Check(LibCrypto.Sign(context, signature, ref length, message, (nuint)message.Length) == 1);
            return signature;
        }
        finally
        {
            LibCrypto.FreeContext(context);
            LibCrypto.FreeKey(key);
        }
    }

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        LibCrypto.Require();
        if (signature.Length != SignatureSize)
            return false;

        var key = LibCrypto.NewPublicKey(LibCrypto.Ed25519, 0, publicKey, (nuint)publicKey.Length);
        var context = LibCrypto.NewContext();
        try
        {
            Check(LibCrypto.VerifyInit(context, 0, 0, 0, key) == 1);
            var verified = LibCrypto.Verify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
            if (!verified)
                LibCrypto.ClearErrors();
            return verified;
        }
        finally
        {
            LibCrypto.FreeContext(context);
            LibCrypto.FreeKey(key);
        }
    }

    // Only a broken or exhausted libcrypto ends here: sizes are checked before, and any 32 bytes are a key to it.
    static void Check(bool succeeded)
    {
        if (!succeeded)
            throw new CryptographicException($"{LibCrypto.Library} refused an Ed25519 operation.");
    }
}

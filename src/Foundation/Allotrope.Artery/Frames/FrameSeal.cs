using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Allotrope.Artery;

/// <summary>
/// Encrypts or decrypts the frames of one direction of a link by AES-256-GCM; the frame's number is the nonce, so it is used once by itself.
/// </summary>
sealed class FrameSeal(ReadOnlySpan<byte> key) : IDisposable
{
    public const int TagBytes = 16;

    const int NonceBytes = 12;

    readonly AesGcm _cipher = new(key, TagBytes);

    /// <summary>Encrypts in place; the tag goes behind.</summary>
    public void Seal(ReadOnlySpan<byte> header, long sequence, Span<byte> payload, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, sequence);
        _cipher.Encrypt(nonce, payload, payload, tag, header);
    }

    /// <exception cref="ArteryException">The frame was changed on its way or is of another key.</exception>
    public void Open(ReadOnlySpan<byte> header, long sequence, ReadOnlySpan<byte> payload, FrameBuffer output)
    {
        if (payload.Length < TagBytes)
            throw ArteryException.Malformed("A sealed frame is shorter than its tag.");
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, sequence);
        var length = payload.Length - TagBytes;
        try
        {
            _cipher.Decrypt(nonce, payload[..length], payload[length..], output.GetSpan(Math.Max(length, 1))[..length], header);
        }
        catch (AuthenticationTagMismatchException changed)
        {
            throw new ArteryException(CloseCode.NotAuthenticated, "A sealed frame was changed on its way.", changed);
        }

        output.Advance(length);
    }

    public void Dispose() => _cipher.Dispose();

    static void WriteNonce(Span<byte> nonce, long sequence)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], sequence);
    }
}

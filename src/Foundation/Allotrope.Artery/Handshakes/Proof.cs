namespace Allotrope.Artery;

/// <summary>The third message of a handshake: the dialler proves that it knows the key.</summary>
static class Proof
{
    public static byte[] Write(ArteryKey key, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge)
    {
        using var payload = new FrameBuffer();
        payload.Write([(byte)ControlType.Proof]);
        var cbor = new CborWriter(payload);
        cbor.Array(1);
        cbor.Bytes(Mac(key, hello, challenge));
        return payload.WrittenSpan.ToArray();
    }

    /// <exception cref="ArteryException">It is malformed or does not prove the key.</exception>
    public static void Verify(ReadOnlySpan<byte> payload, ArteryKey key, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge)
    {
        var cbor = new CborReader(HandshakeBytes.After(ControlType.Proof, payload));
        cbor.ReadArray(1);
        var mac = HandshakeBytes.ReadExactly(ref cbor, HandshakeBytes.MacBytes);
        cbor.ExpectEnd();
        if (!HandshakeBytes.AreSame(mac, Mac(key, hello, challenge)))
            throw HandshakeBytes.NotAuthenticated();
    }

    static byte[] Mac(ArteryKey key, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge) =>
        HandshakeBytes.Mac(key, "artery/1 a"u8, hello, challenge);
}

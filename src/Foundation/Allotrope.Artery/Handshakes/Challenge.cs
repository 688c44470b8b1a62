namespace Allotrope.Artery;

/// <summary>The second message of a handshake: the acceptor proves that it knows the key.</summary>
sealed record Challenge(ArteryRole Role, string Service, ReadOnlyMemory<byte> Nonce, long Epoch)
{
    /// <summary>The payload of its frame, type byte included; the mac covers all that stands before it and the HELLO it answers.</summary>
    public byte[] Write(ArteryKey key, ReadOnlySpan<byte> hello)
    {
        using var payload = new FrameBuffer();
        payload.Write([(byte)ControlType.Challenge]);
        var cbor = new CborWriter(payload);
        cbor.Array(6);
        cbor.Integer(Hello.Version);
        cbor.Integer((int)Role);
        cbor.Text(Service);
        cbor.Bytes(Nonce.Span);
        cbor.Integer(Epoch);
        cbor.Bytes(Mac(key, hello, payload.WrittenSpan));
        return payload.WrittenSpan.ToArray();
    }

    /// <summary>Reads and verifies it.</summary>
    /// <exception cref="ArteryException">It is malformed or does not prove the key.</exception>
    public static Challenge Read(ReadOnlySpan<byte> payload, ArteryKey key, ReadOnlySpan<byte> hello)
    {
        var cbor = new CborReader(HandshakeBytes.After(ControlType.Challenge, payload));
        cbor.ReadArray(6);
        if (cbor.ReadInteger() != Hello.Version)
            throw ArteryException.Malformed($"CHALLENGE is not of version {Hello.Version}, the only one that was offered.");
        var challenge = new Challenge(
            HandshakeBytes.ReadRole(ref cbor), HandshakeBytes.ReadName(ref cbor), HandshakeBytes.ReadExactly(ref cbor, Hello.NonceBytes),
            cbor.ReadCount());
        var covered = payload[..(1 + cbor.Position)];
        var mac = HandshakeBytes.ReadExactly(ref cbor, HandshakeBytes.MacBytes);
        cbor.ExpectEnd();
        return HandshakeBytes.AreSame(mac, Mac(key, hello, covered)) ? challenge : throw HandshakeBytes.NotAuthenticated();
    }

    static byte[] Mac(ArteryKey key, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> covered) => HandshakeBytes.Mac(key, "artery/1 b"u8, hello, covered);
}

namespace Allotrope.Artery;

/// <summary>The first message of a handshake: who the dialler says it is. Nothing of it is proved before the third.</summary>
public sealed record Hello(
    ArteryRole Role, string Zone, string Service, string? User, ReadOnlyMemory<byte> KeyId, ReadOnlyMemory<byte> Nonce, bool Sealed, long Epoch,
    ReadOnlyMemory<byte> ManifestHash)
{
    /// <summary>The only version there is.</summary>
    public const int Version = 1;

    public const int NonceBytes = 16;
    public const int HashBytes = 32;

    const int MaxVersions = 16;

    /// <summary>The payload of its frame, type byte included.</summary>
    public byte[] Write()
    {
        using var payload = new FrameBuffer();
        payload.Write([(byte)ControlType.Hello]);
        var cbor = new CborWriter(payload);
        cbor.Array(10);
        cbor.Array(1);
        cbor.Integer(Version);
        cbor.Integer((int)Role);
        cbor.Text(Zone);
        cbor.Text(Service);
        cbor.TextOrNull(User);
        cbor.Bytes(KeyId.Span);
        cbor.Bytes(Nonce.Span);
        cbor.Boolean(Sealed);
        cbor.Integer(Epoch);
        cbor.Bytes(ManifestHash.Span);
        return payload.WrittenSpan.ToArray();
    }

    /// <exception cref="ArteryException">It is malformed, or of another version only.</exception>
    public static Hello Read(ReadOnlySpan<byte> payload)
    {
        var cbor = new CborReader(HandshakeBytes.After(ControlType.Hello, payload));
        cbor.ReadArray(10);
        ReadVersions(ref cbor);
        var hello = new Hello(
            HandshakeBytes.ReadRole(ref cbor),
            HandshakeBytes.ReadName(ref cbor),
            HandshakeBytes.ReadName(ref cbor),
            cbor.TryReadNull() ? null : HandshakeBytes.ReadName(ref cbor),
            HandshakeBytes.ReadExactly(ref cbor, ArteryKey.IdBytes),
            HandshakeBytes.ReadExactly(ref cbor, NonceBytes),
            cbor.ReadBoolean(),
            cbor.ReadCount(),
            cbor.ReadBytes(HashBytes).ToArray());
        if (hello.ManifestHash.Length is not (0 or HashBytes))
            throw ArteryException.Malformed($"The manifest hash has {hello.ManifestHash.Length} bytes where 0 or {HashBytes} were expected.");
        cbor.ExpectEnd();
        return hello;
    }

    static void ReadVersions(ref CborReader cbor)
    {
        var count = cbor.ReadArray();
        if (count > MaxVersions)
            throw ArteryException.Malformed($"HELLO offers {count} versions; at most {MaxVersions} are read.");
        var known = false;
        for (var i = 0; i < count; i++)
            known |= cbor.ReadInteger() == Version;
        if (!known)
            throw ArteryException.Malformed($"HELLO does not offer version {Version} of the protocol, the only one there is.");
    }
}

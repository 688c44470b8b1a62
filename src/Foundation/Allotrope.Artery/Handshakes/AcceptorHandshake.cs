using Allotrope.Kernel;

namespace Allotrope.Artery;

/// <summary>Side b of a handshake, without the wire: judges HELLO, says CHALLENGE and judges PROOF.</summary>
sealed class AcceptorHandshake
{
    readonly byte[] _helloPayload;
    readonly byte[] _nonce = new byte[Artery.Hello.NonceBytes];
    readonly ArteryKey _key;

    /// <exception cref="ArteryException">HELLO is malformed, or the judge does not know who speaks.</exception>
    public AcceptorHandshake(ReadOnlySpan<byte> payload, Func<Hello, HandshakeAnswer?> judge, IRandom random)
    {
        _helloPayload = payload.ToArray();
        Hello = Hello.Read(payload);
        Answer = judge(Hello) is { } answer && answer.Role != Hello.Role && (Hello.Sealed || !answer.RequireSealed)
            ? answer
            : throw HandshakeBytes.NotAuthenticated();
        _key = Pick(Answer.Keys, Hello) ?? throw HandshakeBytes.NotAuthenticated();
        random.Fill(_nonce);
        Challenge = new Challenge(Answer.Role, Hello.Service, _nonce, Answer.Epoch).Write(_key, _helloPayload);
    }

    public Hello Hello { get; }

    public HandshakeAnswer Answer { get; }

    public byte[] Challenge { get; }

    /// <summary>Judges PROOF.</summary>
    /// <returns>Who dialled, and the seals if the link is to be sealed.</returns>
    /// <exception cref="ArteryException">It is malformed or does not prove the key.</exception>
    public (LinkPeer Peer, FrameSeals? Seals) Complete(ReadOnlySpan<byte> payload)
    {
        Proof.Verify(payload, _key, _helloPayload, Challenge);
        var peer = new LinkPeer(Hello.Role, Hello.Zone, Hello.Service, Hello.User, Hello.Epoch, Hello.Sealed, Hello.ManifestHash);
        return (peer, Hello.Sealed ? FrameSeals.Derive(_key, Hello.Nonce.Span, _nonce, dialler: false) : null);
    }

    static ArteryKey? Pick(IReadOnlyList<ArteryKey> keys, Hello hello)
    {
        foreach (var zoneKey in keys)
        {
            var key = hello.User is { } user ? zoneKey.ForUser(hello.Service, user) : zoneKey;
            if (HandshakeBytes.AreSame(key.Id, hello.KeyId.Span))
                return key;
        }

        return null;
    }
}

using Allotrope.Kernel;

namespace Allotrope.Artery;

/// <summary>Side a of a handshake, without the wire: says HELLO, judges CHALLENGE and gives PROOF.</summary>
sealed class DiallerHandshake
{
    readonly HandshakeOffer _offer;
    readonly byte[] _nonce = new byte[Artery.Hello.NonceBytes];

    public DiallerHandshake(HandshakeOffer offer, IRandom random)
    {
        _offer = offer;
        random.Fill(_nonce);
        Hello = new Hello(
            offer.Role, offer.Zone, offer.Service, offer.User, offer.Key.Id.ToArray(), _nonce, offer.Sealed, offer.Epoch, offer.ManifestHash).Write();
    }

    public byte[] Hello { get; }

    /// <summary>Judges the answer.</summary>
    /// <returns>PROOF, who answered, and the seals if the link is to be sealed.</returns>
    /// <exception cref="ArteryException">The answer is malformed or does not prove the key.</exception>
    public (byte[] Proof, LinkPeer Peer, FrameSeals? Seals) Answer(ReadOnlySpan<byte> payload)
    {
        var challenge = Challenge.Read(payload, _offer.Key, Hello);
        if (challenge.Service != _offer.Service || challenge.Role == _offer.Role)
            throw HandshakeBytes.NotAuthenticated();
        var peer = new LinkPeer(challenge.Role, _offer.Zone, _offer.Service, _offer.User, challenge.Epoch, _offer.Sealed, default);
        var seals = _offer.Sealed ? FrameSeals.Derive(_offer.Key, _nonce, challenge.Nonce.Span, dialler: true) : null;
        return (Proof.Write(_offer.Key, Hello, payload), peer, seals);
    }
}

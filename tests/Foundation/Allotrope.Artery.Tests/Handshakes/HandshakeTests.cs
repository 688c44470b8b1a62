using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

public sealed class HandshakeTests
{
    static readonly ArteryKey Other = ArteryKey.OfZone("another secret"u8, "home");

    [Fact]
    public void Both_ends_learn_who_the_other_is()
    {
        var dialler = new DiallerHandshake(Pair.Offer(isSealed: true), new SeededRandom(1));
        var acceptor = Accept(dialler.Hello);
        var (proof, service, diallerSeals) = dialler.Answer(acceptor.Challenge);
        var (core, acceptorSeals) = acceptor.Complete(proof);
        Assert.Equal((ArteryRole.Service, "home", "lamp", 7L), (service.Role, service.Zone, service.Service, service.Epoch));
        Assert.Equal((ArteryRole.Core, "home", "lamp", 1L), (core.Role, core.Zone, core.Service, core.Epoch));
        Assert.NotNull(diallerSeals);
        Assert.NotNull(acceptorSeals);
    }

    [Fact]
    public void A_wrong_key_is_refused_with_the_words_of_an_unknown_zone()
    {
        var hello = new DiallerHandshake(Pair.Offer() with { Key = Other }, new SeededRandom(1)).Hello;
        var wrongKey = Refused(() => Accept(hello));
        var unknown = Refused(() => Accept(hello, _ => null));
        Assert.Equal(wrongKey.Message, unknown.Message);
    }

    [Fact]
    public void A_challenge_of_who_does_not_know_the_key_is_refused()
    {
        var dialler = new DiallerHandshake(Pair.Offer(), new SeededRandom(1));
        var forged = new Challenge(ArteryRole.Service, "lamp", new byte[Hello.NonceBytes], 7).Write(Other, dialler.Hello);
        Refused(() => dialler.Answer(forged));
    }

    [Fact]
    public void A_challenge_of_another_service_is_refused()
    {
        var dialler = new DiallerHandshake(Pair.Offer(), new SeededRandom(1));
        var other = new Challenge(ArteryRole.Service, "door", new byte[Hello.NonceBytes], 7).Write(Pair.Key, dialler.Hello);
        Refused(() => dialler.Answer(other));
    }

    [Fact]
    public void Two_cores_do_not_talk()
    {
        var hello = new DiallerHandshake(Pair.Offer(), new SeededRandom(1)).Hello;
        Refused(() => Accept(hello, _ => Pair.Answer(new Witness()) with { Role = ArteryRole.Core }));
    }

    [Fact]
    public void A_dialler_to_whom_its_own_messages_are_mirrored_is_not_deceived()
    {
        var dialler = new DiallerHandshake(Pair.Offer(), new SeededRandom(1));
        Refused(() => dialler.Answer(dialler.Hello));
    }

    [Fact]
    public void A_replayed_handshake_is_refused()
    {
        var dialler = new DiallerHandshake(Pair.Offer(), new SeededRandom(1));
        var first = Accept(dialler.Hello);
        var proof = dialler.Answer(first.Challenge).Proof;
        first.Complete(proof);
        var again = Accept(dialler.Hello, nonceSeed: 3);
        Refused(() => again.Complete(proof));
    }

    [Fact]
    public void During_a_rotation_either_key_opens()
    {
        foreach (var key in new[] { Pair.Key, Other })
        {
            var dialler = new DiallerHandshake(Pair.Offer() with { Key = key }, new SeededRandom(1));
            var acceptor = Accept(dialler.Hello, _ => Pair.Answer(new Witness()) with { Keys = [Other, Pair.Key] });
            acceptor.Complete(dialler.Answer(acceptor.Challenge).Proof);
        }
    }

    [Fact]
    public void A_user_opens_with_a_key_that_is_its_own()
    {
        var key = ArteryKey.OfBytes(Pair.Key.ForUser(Pair.Offer().Service, "ada").Export());
        var dialler = new DiallerHandshake(Pair.Offer() with { User = "ada", Key = key }, new SeededRandom(1));
        var acceptor = Accept(dialler.Hello);
        Assert.Equal("ada", acceptor.Complete(dialler.Answer(acceptor.Challenge).Proof).Peer.User);
    }

    [Fact]
    public void A_users_key_opens_for_no_other_user_and_not_for_the_zone()
    {
        var key = Pair.Key.ForUser(Pair.Offer().Service, "ada");
        Refused(() => Accept(new DiallerHandshake(Pair.Offer() with { User = "eve", Key = key }, new SeededRandom(1)).Hello));
        Refused(() => Accept(new DiallerHandshake(Pair.Offer() with { Key = key }, new SeededRandom(1)).Hello));
    }

    [Fact]
    public void A_users_key_opens_at_no_other_service()
    {
        var key = Pair.Key.ForUser(Pair.Offer().Service, "ada");
        Refused(() => Accept(new DiallerHandshake(Pair.Offer() with { Service = "lock", User = "ada", Key = key }, new SeededRandom(1)).Hello));
    }

    [Fact]
    public void An_open_artery_is_refused_where_sealing_is_required()
    {
        var hello = new DiallerHandshake(Pair.Offer(isSealed: false), new SeededRandom(1)).Hello;
        Refused(() => Accept(hello, _ => Pair.Answer(new Witness()) with { RequireSealed = true }));
    }

    [Fact]
    public void White_space_after_the_secret_does_not_count() =>
        Assert.Equal(Pair.Key.Id, ArteryKey.OfZone("a secret of the zone \r\n\n"u8, "home").Id);

    [Fact]
    public void The_same_secret_is_another_key_in_another_zone() =>
        Assert.NotEqual(Pair.Key.Id.ToArray(), ArteryKey.OfZone("a secret of the zone"u8, "work").Id.ToArray());

    [Fact]
    public void An_empty_secret_is_refused() => Assert.Throws<ArgumentException>(() => ArteryKey.OfZone("\n"u8, "home"));

    [Fact]
    public void A_key_does_not_show_itself_as_text() =>
        Assert.DoesNotContain(Convert.ToHexStringLower(Pair.Key.Export()), Pair.Key.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_flipped_bit_in_hello_is_refused_by_one_of_the_two()
    {
        var good = new DiallerHandshake(Pair.Offer(isSealed: true) with { ManifestHash = new byte[32] }, new SeededRandom(1));
        EachFlip(good.Hello, flipped =>
        {
            var acceptor = Accept(flipped);
            good.Answer(acceptor.Challenge);
        });
    }

    [Fact]
    public void A_flipped_bit_in_challenge_is_refused()
    {
        var dialler = new DiallerHandshake(Pair.Offer(isSealed: true), new SeededRandom(1));
        EachFlip(Accept(dialler.Hello).Challenge, flipped => dialler.Answer(flipped));
    }

    [Fact]
    public void A_flipped_bit_in_proof_is_refused()
    {
        var dialler = new DiallerHandshake(Pair.Offer(isSealed: true), new SeededRandom(1));
        var acceptor = Accept(dialler.Hello);
        EachFlip(dialler.Answer(acceptor.Challenge).Proof, flipped => acceptor.Complete(flipped));
    }

    [Fact]
    public void Every_message_cut_short_is_refused()
    {
        var dialler = new DiallerHandshake(Pair.Offer(isSealed: true), new SeededRandom(1));
        var acceptor = Accept(dialler.Hello);
        var proof = dialler.Answer(acceptor.Challenge).Proof;
        EachCut(dialler.Hello, cut => Accept(cut));
        EachCut(acceptor.Challenge, cut => dialler.Answer(cut));
        EachCut(proof, cut => acceptor.Complete(cut));
    }

    static AcceptorHandshake Accept(byte[] hello, Func<Hello, HandshakeAnswer?>? judge = null, ulong nonceSeed = 2) =>
        new(hello, judge ?? Judge, new SeededRandom(nonceSeed));

    static HandshakeAnswer? Judge(Hello hello) => hello is { Zone: "home", Service: "lamp" } ? Pair.Answer(new Witness()) : null;

    static ArteryException Refused(Action act)
    {
        var refused = Assert.Throws<ArteryException>(act);
        Assert.Equal(CloseCode.NotAuthenticated, refused.Code);
        return refused;
    }

    static void EachFlip(byte[] message, Action<byte[]> judge)
    {
        for (var bit = 0; bit < message.Length * 8; bit++)
        {
            var flipped = message.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<ArteryException>(() => judge(flipped));
        }
    }

    static void EachCut(byte[] message, Action<byte[]> judge)
    {
        for (var length = 0; length < message.Length; length++)
            Assert.Throws<ArteryException>(() => judge(message[..length]));
    }
}

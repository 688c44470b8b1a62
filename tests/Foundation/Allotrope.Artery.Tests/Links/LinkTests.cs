using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

public sealed class LinkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_intent_arrives_as_it_was_sent(bool isSealed)
    {
        await using var pair = await Pair.CreateAsync(isSealed);
        Assert.True(pair.A.TrySend(Pair.Intent("lamp.on", 1)));
        Assert.Equal("lamp.on lamp 1", await pair.AtB.NextAsync());
        Assert.True(pair.B.TrySend(Pair.Intent("lamp.off", 2)));
        Assert.Equal("lamp.off lamp 2", await pair.AtA.NextAsync());
    }

    [Fact]
    public async Task Ten_thousand_intents_keep_their_order()
    {
        await using var pair = await Pair.CreateAsync(isSealed: true, new LinkOptions { Queue = 10_000 });
        for (var i = 1; i <= 10_000; i++)
            Assert.True(pair.A.TrySend(Pair.Intent("lamp.on", i)));
        for (var i = 1; i <= 10_000; i++)
            Assert.Equal($"lamp.on lamp {i}", await pair.AtB.NextAsync());
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_nobody_is_told_anything()
    {
        var (a, b) = MemoryTransport.CreatePair();
        var (atA, atB) = (new Witness(), new Witness());
        var accepting = ArteryLink.AcceptAsync(b, _ => Pair.Answer(atB), TimeProvider.System, new SeededRandom(2), default);
        var offer = Pair.Offer() with { Key = ArteryKey.OfZone("wrong"u8, "home") };
        var refused = await Assert.ThrowsAsync<ArteryException>(
            () => ArteryLink.DialAsync(a, offer, atA, LinkOptions.Default, TimeProvider.System, new SeededRandom(1), default));
        Assert.Equal(CloseCode.NotAuthenticated, refused.Code);
        Assert.IsType<Fault.Refused>(refused.Fault);
        await Assert.ThrowsAsync<ArteryException>(() => accepting);
        Assert.False(atA.TryNext(out _) || atB.TryNext(out _));
    }

    [Fact]
    public async Task A_dial_that_is_given_up_closes_the_wire()
    {
        var (a, b) = MemoryTransport.CreatePair();
        using var giveUp = new CancellationTokenSource();
        var dialling = ArteryLink.DialAsync(
            a, Pair.Offer(), new Witness(), LinkOptions.Default, TimeProvider.System, new SeededRandom(1), giveUp.Token);
        await b.ReceiveAsync(ArteryLimits.FrameBytes, default);
        await giveUp.CancelAsync();
        Assert.Equal(CloseCode.Leaving, (await b.ReceiveAsync(ArteryLimits.FrameBytes, default)).Closed);
        await b.CloseAsync(CloseCode.Normal, "", default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialling);
    }

    [Fact]
    public async Task A_peer_that_neither_answers_nor_says_farewell_is_cut()
    {
        var time = new ManualTime();
        var (a, b) = MemoryTransport.CreatePair();
        var dialling = ArteryLink.DialAsync(a, Pair.Offer(), new Witness(), LinkOptions.Default, time, new SeededRandom(1), default);
        await b.ReceiveAsync(ArteryLimits.FrameBytes, default);
        time.Advance(ArteryLimits.HandshakeTime);
        Assert.Equal(CloseCode.HandshakeTooSlow, (await b.ReceiveAsync(ArteryLimits.FrameBytes, default)).Closed);
        Assert.False(dialling.IsCompleted);
        time.Advance(ArteryLimits.CloseTime);
        Assert.Equal(CloseCode.HandshakeTooSlow, (await Assert.ThrowsAsync<ArteryException>(() => dialling)).Code);
    }

    [Fact]
    public async Task The_reason_of_a_close_reaches_the_other_end()
    {
        await using var pair = await Pair.CreateAsync();
        await pair.A.CloseAsync(CloseCode.Stopping, "the zone is stopping");
        Assert.Equal(new LinkEnd(CloseCode.Stopping, "the zone is stopping"), await pair.B.Completion);
        Assert.Equal("closed 4491", await pair.AtB.NextAsync());
        Assert.Equal("closed 4491", await pair.AtA.NextAsync());
    }

    [Fact]
    public async Task A_closed_link_takes_nothing_and_tells_nothing()
    {
        await using var pair = await Pair.CreateAsync();
        await pair.A.CloseAsync(CloseCode.Normal, "");
        Assert.False(pair.A.TrySend(Pair.Intent("lamp.on", 1)));
        Assert.False(pair.A.TrySend(FrameKind.State, [0xf6]));
        Assert.False(pair.A.RequestHeartbeat());
        Assert.Empty(pair.AtA.Passed);
    }

    [Fact]
    public async Task A_transport_that_is_lost_ends_the_link()
    {
        var (a, b) = MemoryTransport.CreatePair();
        var atB = new Witness();
        var accepting = ArteryLink.AcceptAsync(b, _ => Pair.Answer(atB), TimeProvider.System, new SeededRandom(2), default);
        await using var dialled = await ArteryLink.DialAsync(
            a, Pair.Offer(), new Witness(), LinkOptions.Default, TimeProvider.System, new SeededRandom(1), default);
        await accepting;
        await a.DisposeAsync();
        Assert.Equal("closed 1006", await atB.NextAsync());
    }

    [Fact]
    public async Task A_receiver_that_throws_ends_its_own_artery_and_says_why()
    {
        await using var pair = await Pair.CreateAsync();
        pair.AtB.Before = _ => throw new InvalidOperationException("no bulb");
        pair.A.TrySend(Pair.Intent("lamp.on", 1));
        Assert.Equal(CloseCode.Internal, (await pair.A.Completion).Code);
        Assert.Equal("no bulb", (await Assert.ThrowsAsync<InvalidOperationException>(() => pair.B.Completion)).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.B.Wire.Completion);
        pair.AtB.Before = null;
    }

    [Fact]
    public async Task A_receiver_may_close_with_a_code_of_the_protocol()
    {
        await using var pair = await Pair.CreateAsync();
        pair.AtB.Before = _ => throw new ArteryException(CloseCode.Flood, "too many");
        pair.A.TrySend(Pair.Intent("lamp.on", 1));
        Assert.Equal(CloseCode.Flood, (await pair.A.Completion).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("söund")]
    public async Task An_intent_without_a_proper_name_is_the_senders_error(string name)
    {
        await using var pair = await Pair.CreateAsync();
        Assert.Throws<ArgumentException>(() => pair.A.TrySend(Pair.Intent(name, 1)));
        Assert.Throws<ArgumentException>(() => pair.A.TrySend(Pair.Intent("x", 1, new byte[ArteryLimits.IntentBytes + 1])));
    }
}

using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

/// <summary>What a peer may not do, and what its artery closes with.</summary>
public sealed class HostilePeerTests
{
    [Fact]
    public async Task Frames_before_the_handshake_are_not_authenticated()
    {
        await using var peer = new RawPeer();
        await peer.SendAsync(FrameKind.Intents, 0, [0x00]);
        Assert.Equal(CloseCode.NotAuthenticated, await peer.ClosedAsync());
        Assert.Equal(CloseCode.NotAuthenticated, (await Assert.ThrowsAsync<ArteryException>(() => peer.Accepting)).Code);
    }

    [Fact]
    public async Task An_intent_in_place_of_the_proof_is_not_read()
    {
        await using var peer = new RawPeer();
        await peer.SendAsync(FrameKind.Control, 0, peer.Hello);
        await peer.SendAsync(FrameKind.Intents, 1, [0x00]);
        Assert.Equal(CloseCode.NotAuthenticated, await peer.ClosedAsync());
        Assert.False(peer.Witness.TryNext(out _));
    }

    [Fact]
    public async Task A_proof_with_a_flipped_bit_is_not_authenticated()
    {
        await using var peer = new RawPeer();
        await peer.SendAsync(FrameKind.Control, 0, peer.Hello);
        var proof = peer.Answer(await peer.ReceiveAsync());
        proof[^1] ^= 1;
        await peer.SendAsync(FrameKind.Control, 1, proof);
        Assert.Equal(CloseCode.NotAuthenticated, await peer.ClosedAsync());
    }

    [Fact]
    public async Task A_large_frame_before_the_handshake_is_too_large()
    {
        await using var peer = new RawPeer();
        await peer.SendAsync(FrameKind.Control, 0, new byte[ArteryLimits.HandshakeFrameBytes]);
        Assert.Equal(CloseCode.TooLarge, await peer.ClosedAsync());
    }

    [Fact]
    public async Task A_handshake_that_is_not_complete_in_time_is_closed()
    {
        var time = new ManualTime();
        await using var peer = new RawPeer(time: time);
        await peer.SendAsync(FrameKind.Control, 0, peer.Hello);
        await peer.ReceiveAsync();
        time.Advance(ArteryLimits.HandshakeTime);
        Assert.Equal(CloseCode.HandshakeTooSlow, await peer.ClosedAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    public async Task A_frame_with_another_number_breaks_the_sequence(long sequence)
    {
        await using var peer = new RawPeer();
        await peer.ShakeAsync();
        await peer.SendAsync(FrameKind.Heartbeat, sequence, [0x05]);
        Assert.Equal(CloseCode.SequenceBroken, await peer.ClosedAsync());
        Assert.Equal("closed 4409", await peer.Witness.NextAsync());
    }

    [Fact]
    public async Task A_frame_beyond_a_mebibyte_is_too_large()
    {
        await using var peer = new RawPeer();
        await peer.ShakeAsync();
        await peer.SendAsync(FrameKind.State, 2, new byte[ArteryLimits.FrameBytes]);
        Assert.Equal(CloseCode.TooLarge, await peer.ClosedAsync());
    }

    [Fact]
    public async Task Pieces_without_end_are_too_large()
    {
        await using var peer = new RawPeer();
        await peer.ShakeAsync();
        for (var i = 0; i <= ArteryLimits.ContentBytes / 1_000_000; i++)
            await peer.SendAsync(FrameKind.State, 2 + i, new byte[1_000_000], FrameFlags.More);
        Assert.Equal(CloseCode.TooLarge, await peer.ClosedAsync());
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("2800", "cut off")]
    [InlineData("280002", "a reserved kind")]
    [InlineData("040002", "a reserved flag")]
    [InlineData("0880", "a link that is cut off")]
    [InlineData("000002", "a control message without a type")]
    [InlineData("0000020a", "a control message of an unknown type")]
    [InlineData("00000201", "a handshake after the handshake")]
    [InlineData("020002", "an empty piece")]
    [InlineData("004002", "a link beyond the last")]
    [InlineData("08000280", "a batch cut off")]
    public async Task What_is_no_frame_is_malformed(string hex, string why)
    {
        await using var peer = new RawPeer();
        await peer.ShakeAsync();
        await peer.SendAsync(Convert.FromHexString(hex));
        Assert.True(await peer.ClosedAsync() == CloseCode.Malformed, why);
    }

    [Fact]
    public async Task A_sealed_frame_with_a_flipped_bit_is_refused()
    {
        for (var at = 0; at < 19; at++)
        {
            await using var peer = new RawPeer(isSealed: true);
            await peer.ShakeAsync();
            var frame = Sealed(peer, 2, [0x05]);
            frame[at] ^= 1;
            await peer.SendAsync(frame);
            Assert.Contains(await peer.ClosedAsync(), (CloseCode[])[CloseCode.NotAuthenticated, CloseCode.SequenceBroken, CloseCode.Malformed]);
            Assert.Equal("closed", (await peer.Witness.NextAsync())[..6]);
        }
    }

    [Fact]
    public async Task An_open_frame_on_a_sealed_link_is_refused()
    {
        await using var peer = new RawPeer(isSealed: true);
        await peer.ShakeAsync();
        await peer.SendAsync(FrameKind.Heartbeat, 2, [0x05]);
        Assert.Equal(CloseCode.NotAuthenticated, await peer.ClosedAsync());
    }

    [Fact]
    public async Task A_sealed_frame_that_is_repeated_is_refused()
    {
        await using var peer = new RawPeer(isSealed: true);
        await peer.ShakeAsync();
        var frame = Sealed(peer, 2, [0x05]);
        await peer.SendAsync(frame);
        await peer.SendAsync(frame);
        Assert.Equal(CloseCode.SequenceBroken, await peer.ClosedAsync());
        Assert.Equal("heartbeat 05", await peer.Witness.NextAsync());
    }

    [Fact]
    public async Task Whatever_a_peer_sends_its_artery_closes_with_a_code_of_the_protocol()
    {
        var random = new SeededRandom(23);
        var bytes = new byte[40];
        for (var round = 0; round < 300; round++)
        {
            await using var peer = new RawPeer();
            await peer.ShakeAsync();
            random.Fill(bytes);
            // A right header for half of them, so that the contents are reached
            if (round % 2 == 0)
                (bytes[0], bytes[1], bytes[2]) = ((byte)(bytes[0] % 5 << 3), 0, 2);
            await peer.SendAsync(bytes);
            await peer.SendAsync(FrameKind.Heartbeat, 99, []);
            Assert.InRange((int)await peer.ClosedAsync(), 4400, 4499);
        }
    }

    static byte[] Sealed(RawPeer peer, long sequence, byte[] payload)
    {
        var header = new byte[FrameHeader.MaxBytes];
        var length = new FrameHeader(FrameKind.Heartbeat, FrameFlags.Sealed, 0, sequence).Write(header);
        var tag = new byte[FrameSeal.TagBytes];
        peer.Seals!.Outgoing.Seal(header.AsSpan(0, length), sequence, payload, tag);
        return [.. header.AsSpan(0, length), .. payload, .. tag];
    }
}

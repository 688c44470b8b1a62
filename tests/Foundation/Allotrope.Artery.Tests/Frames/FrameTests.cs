namespace Allotrope.Artery.Tests;

public sealed class FrameTests
{
    [Theory]
    [InlineData(FrameKind.Control, 0, 0L, 3)]
    [InlineData(FrameKind.Intents, 5, 127L, 3)]
    [InlineData(FrameKind.Resource, 63, 128L, 4)]
    [InlineData(FrameKind.Heartbeat, 0, long.MaxValue, 11)]
    public void A_header_takes_few_bytes_and_is_read_back(FrameKind kind, int link, long sequence, int bytes)
    {
        var header = new FrameHeader(kind, FrameFlags.Sealed | FrameFlags.More, link, sequence);
        var frame = new byte[FrameHeader.MaxBytes];
        Assert.Equal(bytes, header.Write(frame));
        ReadOnlySpan<byte> left = frame.AsSpan(0, bytes);
        Assert.Equal(header, FrameHeader.Read(ref left));
        Assert.True(left.IsEmpty);
    }

    [Fact]
    public void Every_reserved_first_byte_is_malformed()
    {
        int[] kinds = [0, 1, 2, 3, 4, 9];
        for (var first = 0; first < 256; first++)
        {
            if (kinds.Contains(first >> 3) && (first & 4) == 0)
                continue;
            Assert.Throws<ArteryException>(() =>
            {
                ReadOnlySpan<byte> frame = [(byte)first, 0, 0];
                FrameHeader.Read(ref frame);
            });
        }
    }

    [Fact]
    public void A_sealed_frame_opens_under_its_own_number_and_header_only()
    {
        using var seal = new FrameSeal(new byte[ArteryKey.Bytes]);
        byte[] payload = [1, 2, 3];
        var tag = new byte[FrameSeal.TagBytes];
        seal.Seal([9], 5, payload, tag);
        Assert.NotEqual([1, 2, 3], payload);
        Assert.Equal([1, 2, 3], Open([9], 5));
        Assert.Throws<ArteryException>(() => Open([9], 6));
        Assert.Throws<ArteryException>(() => Open([8], 5));

        byte[] Open(byte[] header, long sequence)
        {
            using var output = new FrameBuffer();
            seal.Open(header, sequence, [.. payload, .. tag], output);
            return output.WrittenSpan.ToArray();
        }
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        using var seal = new FrameSeal(new byte[ArteryKey.Bytes]);
        using var opened = new FrameBuffer();
        var frame = new byte[100];
        Assert.Equal(0, Steadily.Allocates(() =>
        {
            seal.Seal(frame.AsSpan(0, 3), 1, frame.AsSpan(3, 81), frame.AsSpan(84));
            opened.Clear();
            seal.Open(frame.AsSpan(0, 3), 1, frame.AsSpan(3), opened);
        }));
    }
}

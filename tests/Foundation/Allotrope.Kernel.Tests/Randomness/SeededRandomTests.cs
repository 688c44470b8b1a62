namespace Allotrope.Kernel.Tests;

public class SeededRandomTests
{
    [Fact]
    public void One_seed_gives_one_stream() => Assert.Equal(Take(42, 100), Take(42, 100));

    [Fact]
    public void Another_seed_gives_another_stream() => Assert.NotEqual(Take(42, 16), Take(43, 16));

    [Fact]
    public void The_stream_goes_on()
    {
        var random = new SeededRandom(42);
        var bytes = new byte[16];
        random.Fill(bytes.AsSpan(0, 8));
        random.Fill(bytes.AsSpan(8));
        Assert.NotEqual(bytes[..8], bytes[8..]);
        Assert.Equal(Take(42, 16), bytes);
    }

    /// <summary>Pinned: a recorded simulation must replay after any change to this class.</summary>
    [Fact]
    public void The_stream_never_changes() => Assert.Equal("16C72E0C2E0B7815", Convert.ToHexString(Take(42, 8)));

    [Fact]
    public void Each_bit_is_set_about_half_the_time()
    {
        var ones = Take(1, 100_000).Sum(value => int.PopCount(value));
        Assert.InRange(ones, 398_000, 402_000);
    }

    static byte[] Take(ulong seed, int count)
    {
        var bytes = new byte[count];
        new SeededRandom(seed).Fill(bytes);
        return bytes;
    }
}

namespace Allotrope.Artery.Tests;

public sealed class VarintTests
{
    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(127UL, 1)]
    [InlineData(128UL, 2)]
    [InlineData(ulong.MaxValue, 10)]
    public void A_number_takes_the_fewest_bytes_and_is_read_back(ulong value, int bytes)
    {
        var written = new byte[Varint.MaxBytes];
        Assert.Equal(bytes, Varint.Write(written, value));
        ReadOnlySpan<byte> source = written.AsSpan(0, bytes);
        Assert.Equal(value, Varint.Read(ref source));
        Assert.True(source.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000")]
    [InlineData("ff00")]
    [InlineData("ffffffffffffffffff02")]
    [InlineData("ffffffffffffffffffff01")]
    public void A_number_that_is_cut_off_padded_or_too_large_is_malformed(string hex) => Assert.Throws<ArteryException>(() => Read(hex));

    [Fact]
    public void A_count_of_2_to_the_63_is_malformed() => Assert.Throws<ArteryException>(() =>
    {
        ReadOnlySpan<byte> source = Convert.FromHexString("80808080808080808001");
        Varint.ReadCount(ref source);
    });

    [Theory]
    [InlineData(0, 0UL)]
    [InlineData(-1, 1UL)]
    [InlineData(1, 2UL)]
    [InlineData(long.MinValue, ulong.MaxValue)]
    public void Signed_numbers_fold_small_ones_to_small_ones(long value, ulong folded)
    {
        Assert.Equal(folded, Varint.Fold(value));
        Assert.Equal(value, Varint.Unfold(folded));
    }

    static void Read(string hex)
    {
        ReadOnlySpan<byte> source = Convert.FromHexString(hex);
        Varint.Read(ref source);
    }
}

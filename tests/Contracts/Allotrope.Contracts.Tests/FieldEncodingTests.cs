using System.Text;

namespace Allotrope.Contracts.Tests;

public class FieldEncodingTests
{
    [Fact]
    public void Every_part_is_preceded_by_its_length() => Assert.Equal(
        "00000001" + "64" + "00000002" + "6162" + "00000008" + "0000000000000102" + "00000000",
        Convert.ToHexStringLower(new FieldEncoding("d").Add("ab").Add(0x102).Add(default(ReadOnlySpan<byte>)).ToBytes()));

    [Fact]
    public void A_time_is_its_ticks_in_UTC() => Assert.Equal(
        new FieldEncoding("d").Add(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)).ToBytes(),
        new FieldEncoding("d").Add(new DateTimeOffset(2026, 1, 1, 13, 0, 0, TimeSpan.FromHours(1))).ToBytes());

    [Fact]
    public void Moving_a_boundary_makes_another_encoding()
    {
        var encodings = new HashSet<string>();
        for (var cut = 0; cut <= 4; cut++)
            Assert.True(encodings.Add(Convert.ToHexString(new FieldEncoding("d").Add("word"[..cut]).Add("word"[cut..]).ToBytes())));
        Assert.True(encodings.Add(Convert.ToHexString(new FieldEncoding("d").Add("word").ToBytes())));
        Assert.True(encodings.Add(Convert.ToHexString(new FieldEncoding("dw").Add("ord").Add("").ToBytes())));
    }

    [Fact]
    public void Text_is_UTF_8() => Assert.Equal(new FieldEncoding("d").Add(Encoding.UTF8.GetBytes("é😀")).ToBytes(), new FieldEncoding("d").Add("é😀").ToBytes());
}

using FsCheck;
using FsCheck.Fluent;

namespace Allotrope.Kernel.Tests;

public class Base32Tests
{
    /// <summary>RFC 4648, section 10, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Text_is_that_of_the_standard(string plain, string expected) => Assert.Equal(expected, Encode([.. plain.Select(c => (byte)c)]));

    [Fact]
    public void Bytes_come_back_as_they_were() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var decoded = new byte[bytes.Length];
            return Base32.TryDecode(Encode(bytes), decoded) && decoded.AsSpan().SequenceEqual(bytes);
        }).Check(Quiet.Config);

    [Theory]
    [InlineData("MZ", 1)] // left-over bits set
    [InlineData("M", 1)]
    [InlineData("my", 1)]
    [InlineData("M1", 1)]
    [InlineData("MY======", 1)]
    public void What_is_not_exactly_it_is_refused(string text, int length) => Assert.False(Base32.TryDecode(text, new byte[length]));

    static string Encode(byte[] bytes)
    {
        var text = new char[Base32.EncodedLength(bytes.Length)];
        Base32.Encode(bytes, text);
        return new string(text);
    }
}

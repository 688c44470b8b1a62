using System.Text.Json;

namespace Allotrope.Artery.Tests;

public sealed class CborJsonTests
{
    [Fact]
    public void Every_vector_becomes_its_cbor_and_back()
    {
        foreach (var (json, hex) in CborVectors.Good)
        {
            Assert.Equal(hex, Convert.ToHexStringLower(CborJson.FromJson(json)));
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), JsonElement.Parse(CborJson.ToJson(Convert.FromHexString(hex)))), json);
        }
    }

    [Theory]
    [InlineData("fb7ff8000000000000", "null")]
    [InlineData("43010203", "\"AQID\"")]
    [InlineData("", "null")]
    public void What_json_does_not_know_becomes_the_nearest(string hex, string json) =>
        Assert.Equal(json, CborJson.ToJson(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("1 2")]
    [InlineData("1e999")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]")]
    public void What_is_no_json_is_malformed(string json) =>
        Assert.Equal(CloseCode.Malformed, Assert.Throws<ArteryException>(() => CborJson.FromJson(json)).Code);

    [Fact]
    public void A_whole_number_beyond_64_bits_becomes_a_float() =>
        Assert.Equal("fb43f0000000000000", Convert.ToHexStringLower(CborJson.FromJson("18446744073709551616")));
}

using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

/// <summary>The five texts of the original, as its code writes them, and what must not be believed of others.</summary>
public sealed class LegacyCodecTests
{
    const string Heartbeat =
        """{"payload":[{"arteryName":"service-a","intent":"HEARTBEAT","data":{"requestingState":true}}],"isBatch":false,"ackKey":"0b5f"}""";

    const string Backlog = """{"payload":[{"arteryName":"a","intent":"X","data":1},{"arteryName":"b","intent":"Y","data":null}],"isBatch":true}""";

    [Theory]
    [InlineData(Heartbeat)]
    [InlineData("""{"ackReplyKey":"0b5f"}""")]
    [InlineData("""{"payload":[{"arteryName":"core","intent":"SOME_INTENT","data":{"whoop":true}}],"isBatch":false}""")]
    [InlineData(Backlog)]
    [InlineData("""{"payload":[],"isBatch":false}""")]
    public void The_originals_texts_are_read_and_written_the_same(string text)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        LegacyCodec.Write(Read(text), output);
        Assert.Equal(text, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void A_heartbeat_says_what_it_asks_for()
    {
        var message = Read(Heartbeat);
        Assert.Equal("0b5f", message.AckKey);
        Assert.Null(message.AckReplyKey);
        var intent = Assert.Single(message.Payload);
        Assert.Equal(("service-a", "HEARTBEAT"), (intent.ArteryName, intent.Name));
        Assert.Equal("""{"requestingState":true}""", CborJson.ToJson(intent.Data.Span));
    }

    [Fact]
    public void Members_that_are_not_known_are_passed_over() =>
        Assert.Equal("X", Assert.Single(Read("""{"later":[{"deep":1}],"payload":[{"more":{},"intent":"X"}]}""").Payload).Name);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"payload":{}}""")]
    [InlineData("""{"payload":[1]}""")]
    [InlineData("""{"payload":[{}]}""")]
    [InlineData("""{"payload":[{"intent":5}]}""")]
    [InlineData("""{"payload":[{"intent":"two words"}]}""")]
    [InlineData("""{"isBatch":"yes"}""")]
    [InlineData("""{"ackKey":{}}""")]
    [InlineData("""{"payload":[{"intent":"X","data":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}]}""")]
    [InlineData("""{"isBatch":false}{}""")]
    public void Anything_else_is_malformed(string text) => Assert.Equal(CloseCode.Malformed, Assert.Throws<ArteryException>(() => Read(text)).Code);

    [Fact]
    public void A_name_beyond_its_length_is_refused() =>
        Assert.Throws<ArteryException>(() => Read($$"""{"payload":[{"intent":"{{new string('x', 129)}}"}]}"""));

    [Fact]
    public void A_key_beyond_its_length_is_refused() => Assert.Throws<ArteryException>(() => Read($$"""{"ackKey":"{{new string('x', 129)}}"}"""));

    [Fact]
    public void Too_many_intents_are_refused()
    {
        var many = string.Join(',', Enumerable.Repeat("""{"intent":"X"}""", LegacyCodec.MaxIntents + 1));
        Assert.Equal(CloseCode.TooLarge, Assert.Throws<ArteryException>(() => Read($$"""{"payload":[{{many}}]}""")).Code);
    }

    [Fact]
    public void A_text_with_any_byte_changed_is_read_or_refused_and_nothing_else()
    {
        var random = new SeededRandom(5);
        Span<byte> change = stackalloc byte[3];
        for (var round = 0; round < 5_000; round++)
        {
            var text = Encoding.UTF8.GetBytes(Heartbeat);
            random.Fill(change);
            text[change[0] % text.Length] = change[1];
            text[change[2] % text.Length] ^= 0x20;
            try
            {
                LegacyCodec.Read(text);
            }
            catch (ArteryException refused)
            {
                Assert.Equal(CloseCode.Malformed, refused.Code);
            }
        }
    }

    static LegacyMessage Read(string text) => LegacyCodec.Read(Encoding.UTF8.GetBytes(text));
}

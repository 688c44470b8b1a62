using Allotrope.Commands;
using Allotrope.Kernel;

namespace Allotrope.Tests.Commands;

public class MessagePackJsonTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("-5")]
    [InlineData("18446744073709551615")]
    [InlineData("1.5")]
    [InlineData("\"grüß\"")]
    [InlineData("""{"method":"GET","header":{"a":["b","c"]},"body":{"$text":"hi"}}""")]
    [InlineData("""{"$base64":"/w=="}""")]
    public void What_was_written_as_JSON_reads_the_same(string json) =>
        Assert.Equal(json, MessagePackJson.ToJson(MessagePackJson.FromJson(json).Span));

    [Fact]
    public void Text_in_the_bytes_of_an_answer_is_shown_as_text() =>
        Assert.Equal("""{"$text":"ok"}""", MessagePackJson.ToJson([0xc4, 2, (byte)'o', (byte)'k']));

    [Fact]
    public void A_wasmbus_request_becomes_the_bytes_that_actors_know() =>
        Assert.Equal("82a36b6579ac636f756e7465723a3a666f6fa576616c756501", Convert.ToHexStringLower(MessagePackJson.FromJson("""{"key":"counter::foo","value":1}""").Span));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"$base64":"?"}""")]
    public void What_is_no_body_is_refused(string json) =>
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => MessagePackJson.FromJson(json)).Fault);

    [Fact]
    public void An_answer_nested_without_end_is_refused()
    {
        var deep = Enumerable.Repeat((byte)0x91, 100_000).ToArray();
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => MessagePackJson.ToJson(deep)).Fault);
    }

    [Fact]
    public void Whatever_an_actor_answers_is_shown_or_refused()
    {
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(1, 24)];
            random.NextBytes(bytes);
            try
            {
                MessagePackJson.ToJson(bytes);
            }
            catch (FaultException error)
            {
                Assert.IsType<Fault.Invalid>(error.Fault);
            }
        }
    }
}

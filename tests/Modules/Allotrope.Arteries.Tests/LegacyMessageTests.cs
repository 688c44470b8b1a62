using System.Text;
using Allotrope.Artery;

namespace Allotrope.Arteries.Tests;

public class LegacyMessageTests
{
    const string Intent = """{"payload":[{"arteryName":"core","intent":"DOOR","data":{"open":[true,null,1,2.5,"x"]}}],"isBatch":false,"ackKey":"k"}""";

    [Fact]
    public void An_intent_is_read_with_its_data_and_the_key_it_asks_with()
    {
        List<(string, string)> said = [];
        var (reply, ackKey) = Read(Intent, said);
        Assert.Equal((null, "k"), (reply, ackKey));
        Assert.Equal([("DOOR", """{"open":[true,null,1,2.5,"x"]}""")], said);
        Assert.Equal(("r", null), Read("""{"ackReplyKey":"r"}""", said));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"payload":{}}""")]
    [InlineData("""{"payload":[1]}""")]
    [InlineData("""{"payload":[{"intent":1}]}""")]
    [InlineData("""{"payload":[{"intent":"X","data":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}]}""")]
    [InlineData("nonsense")]
    public void What_is_no_message_closes_the_artery_as_malformed(string text) =>
        Assert.Equal(CloseCode.Malformed, Assert.Throws<ArteryException>(() => Read(text, [])).Code);

    [Fact]
    public void Whatever_arrives_is_read_or_refused_and_nothing_else()
    {
        var random = new Random(1122);
        var good = Encoding.UTF8.GetBytes(Intent);
        for (var i = 0; i < 20_000; i++)
        {
            var bad = good[..random.Next(1, good.Length + 1)];
            for (var flips = random.Next(4); flips > 0; flips--)
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            try
            {
                LegacyMessage.Read(bad, (_, _) => { });
            }
            catch (ArteryException refused)
            {
                Assert.Equal(CloseCode.Malformed, refused.Code);
            }
        }
    }

    static (string?, string?) Read(string text, List<(string, string)> said) => LegacyMessage.Read(
        Encoding.UTF8.GetBytes(text), (name, data) => said.Add((name, Encoding.UTF8.GetString(PrimitiveJson.ToJson(data)))));
}

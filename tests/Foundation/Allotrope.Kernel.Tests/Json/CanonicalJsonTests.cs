using System.Text;

namespace Allotrope.Kernel.Tests;

/// <summary>Against the examples of RFC 8785.</summary>
public class CanonicalJsonTests
{
    /// <summary>Sections 3.2.2 and 3.2.3.</summary>
    [Fact]
    public void The_example_of_the_standard_gives_its_text()
    {
        const string input = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50,
                          2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        const string expected =
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""";
        Assert.Equal(expected, Canonical(input));
    }

    /// <summary>Section 3.2.3: the order of UTF-16 code units is not that of code points.</summary>
    [Fact]
    public void Names_are_sorted_by_their_utf16_units()
    {
        const string input = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;
        Assert.Equal(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\"," +
            "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
            Canonical(input));
    }

    [Fact]
    public void Control_characters_are_escaped_as_ecmascript_does() =>
        Assert.Equal("""["\b\t\n\f\r\u0000\u001f\u0010""" + "\u007f/\u2028\"]", Canonical("""["\b\t\n\f\r\u0000\u001F\u0010\u007f\/\u2028"]"""));

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("\"a\"", "\"a\"")]
    [InlineData("""{"b":{"z":1,"a":[{"y":2,"x":null}]},"a":true}""", """{"a":true,"b":{"a":[{"x":null,"y":2}],"z":1}}""")]
    public void White_space_goes_and_members_are_sorted_at_every_level(string input, string expected) => Assert.Equal(expected, Canonical(input));

    [Fact]
    public void A_canonical_document_stays_as_it_is()
    {
        const string once = """{"a":[1e+21,-0.5,"é"],"b":{}}""";
        Assert.Equal(once, Canonical(once));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "occurs twice")]
    [InlineData("""{"x":{"a":1,"\u0061":2}}""", "occurs twice")]
    [InlineData("""["\ud800"]""", "well-formed Unicode")]
    [InlineData("""{"\udc00":1}""", "well-formed Unicode")]
    [InlineData("[1e400]", "beyond the range")]
    [InlineData("[1,]", "not JSON, line 1, byte 4")]
    [InlineData("{\n\"a\":01}", "not JSON, line 2")]
    [InlineData("[1] 2", "not JSON")]
    [InlineData("[NaN]", "not JSON")]
    [InlineData("// c\n1", "not JSON")]
    [InlineData("", "not JSON")]
    public void What_has_no_canonical_form_is_refused_with_the_reason(string input, string reason)
    {
        var fault = Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Canonical(input)).Fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused() =>
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => CanonicalJson.Canonicalize(new byte[] { 0x22, 0xc3, 0x28, 0x22 })).Fault);

    [Fact]
    public void Nesting_is_followed_to_its_limit_and_no_further()
    {
        string Nested(int depth) => new string('[', depth) + new string(']', depth);
        Assert.Equal(Nested(CanonicalJson.MaxDepth), Canonical(Nested(CanonicalJson.MaxDepth)));
        Assert.Throws<FaultException>(() => Canonical(Nested(CanonicalJson.MaxDepth + 1)));
        Assert.Throws<FaultException>(() => Canonical(Nested(1_000_000)));
    }

    [Fact]
    public void A_document_beyond_the_limit_is_refused_before_it_is_read() =>
        Assert.IsType<Fault.Exhausted>(Assert.Throws<FaultException>(() => CanonicalJson.Canonicalize(new byte[CanonicalJson.MaxBytes + 1])).Fault);

    /// <summary>Whatever the bytes, the answer is a fault or bytes that canonicalise to themselves.</summary>
    [Fact]
    public void Mutated_documents_are_refused_or_become_canonical()
    {
        var random = new Random(3);
        var seed = Encoding.UTF8.GetBytes("""{"name":"a\u00e9","list":[1,-2.5e3,null,true,{"x":{}}],"b":"\\\"","c":0.1}""");
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = seed.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : seed[random.Next(seed.Length)];

            try
            {
                var once = CanonicalJson.Canonicalize(bytes);
                Assert.Equal(once, CanonicalJson.Canonicalize(once));
            }
            catch (FaultException e)
            {
                Assert.IsType<Fault.Invalid>(e.Fault);
            }
        }
    }

    static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));
}

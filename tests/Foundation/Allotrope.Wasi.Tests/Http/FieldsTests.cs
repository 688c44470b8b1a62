using System.Text;
using Allotrope.Wasi.Http;

namespace Allotrope.Wasi.Tests.Http;

/// <summary>What may be headers and trailers.</summary>
public sealed class FieldsTests
{
    readonly HttpTypes _types = new(() => new RequestBody(), () => new RequestBody(), CancellationToken.None);

    static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static string[] Texts(IFields fields, string name) => [.. fields.Get(name).Select(value => Encoding.UTF8.GetString(value.Span))];

    static string All(IFields fields) => string.Join(' ', fields.Entries().Select(entry => $"{entry.Item1}={Encoding.UTF8.GetString(entry.Item2.Span)}"));

    [Fact]
    public void Values_are_set_added_and_taken_away_by_name()
    {
        var fields = _types.FieldsFromList([("foo", Bytes("bar"))]).Value;
        Assert.Equal(["bar"], Texts(fields, "foo"));
        Assert.True(fields.Append("foo", Bytes("baz")).IsOk);
        Assert.Equal(["bar", "baz"], Texts(fields, "foo"));
        Assert.True(fields.Set("foo", [Bytes("one"), Bytes("two")]).IsOk);
        Assert.Equal("foo=one foo=two", All(fields));
        Assert.True(fields.Set("foo", []).IsOk);
        Assert.False(fields.Has("foo"));
        Assert.True(fields.Append("foo", Bytes("x")).IsOk && fields.Delete("foo").IsOk && fields.Delete("foo").IsOk && fields.Delete("never").IsOk);
        Assert.Empty(fields.Entries());
    }

    [Fact]
    public void Names_are_alike_whatever_their_case_and_come_back_as_they_were_given()
    {
        var fields = _types.NewFields();
        Assert.True(fields.Append("foo", Bytes("1")).IsOk && fields.Append("FOO", Bytes("2")).IsOk && fields.Append("other", Bytes("3")).IsOk);
        Assert.True(fields.Has("Foo"));
        Assert.Equal(["1", "2"], Texts(fields, "fOO"));
        Assert.Equal("foo=1 FOO=2 other=3", All(fields));
        Assert.True(fields.Delete("fOo").IsOk);
        Assert.Equal("other=3", All(fields));
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        var fields = _types.FieldsFromList([("foo", Bytes("bar"))]).Value;
        var copy = fields.Clone();
        Assert.True(copy.Append("more", Bytes("x")).IsOk && fields.Delete("foo").IsOk);
        Assert.Equal(("", "foo=bar more=x"), (All(fields), All(copy)));
    }

    [Fact]
    public void A_name_is_a_token_and_nothing_else()
    {
        const string Marks = "!#$%&'*+-.^_`|~";
        for (var code = 0; code < 1024; code++)
        {
            var isToken = char.IsAsciiLetterOrDigit((char)code) || (code < 128 && Marks.Contains((char)code, StringComparison.Ordinal));
            Check($"{(char)code}", isToken);
        }
        foreach (var name in new[] { "", "voilà", "hey ho", " ", " hey", "hey ", "(what)", "[what]", "a:b", "a\r\nb" })
            Check(name, isGood: false);
        foreach (var name in new[] { "1", "kebab-data-100", new string('f', 1024) })
            Check(name, isGood: true);

        void Check(string name, bool isGood)
        {
            using var fields = _types.NewFields();
            Assert.False(fields.Has(name));
            Assert.Empty(fields.Get(name));
            if (isGood)
            {
                Assert.True(fields.Set(name, [Bytes("x")]).IsOk && fields.Append(name, Bytes("y")).IsOk && fields.Delete(name).IsOk);
                return;
            }
            Assert.IsType<HeaderError.InvalidSyntax>(fields.Set(name, [Bytes("x")]).Error);
            Assert.IsType<HeaderError.InvalidSyntax>(fields.Append(name, Bytes("x")).Error);
            Assert.IsType<HeaderError.InvalidSyntax>(fields.Delete(name).Error);
            Assert.IsType<HeaderError.InvalidSyntax>(_types.FieldsFromList([(name, Bytes("x"))]).Error);
            Assert.Empty(fields.Entries());
        }
    }

    [Fact]
    public void A_value_has_no_control_characters_but_tabs()
    {
        for (var code = 0; code < 256; code++)
        {
            using var fields = _types.NewFields();
            var isGood = code is '\t' or (>= 0x20 and not 0x7f);
            Assert.Equal(isGood, fields.Set("foo", [new[] { (byte)code }]).IsOk);
            Assert.Equal(isGood, fields.Append("foo", new[] { (byte)'a', (byte)code, (byte)'b' }).IsOk);
            Assert.Equal(isGood, _types.FieldsFromList([("foo", new[] { (byte)code })]).IsOk);
        }
        Assert.True(_types.NewFields().Append("foo", ReadOnlyMemory<byte>.Empty).IsOk);
    }

    [Theory]
    [InlineData("connection")]
    [InlineData("Keep-Alive")]
    [InlineData("PROXY-AUTHENTICATE")]
    [InlineData("proxy-authorization")]
    [InlineData("proxy-connection")]
    [InlineData("Transfer-Encoding")]
    [InlineData("upgrade")]
    [InlineData("http2-settings")]
    [InlineData("Host")]
    public void What_is_the_connections_is_not_the_guests_to_set(string name)
    {
        var fields = _types.NewFields();
        Assert.IsType<HeaderError.Forbidden>(fields.Set(name, [Bytes("x")]).Error);
        Assert.IsType<HeaderError.Forbidden>(fields.Append(name, Bytes("x")).Error);
        Assert.IsType<HeaderError.Forbidden>(_types.FieldsFromList([(name, Bytes("x"))]).Error);
        Assert.False(fields.Has(name));
        Assert.Empty(Fields.Of([KeyValuePair.Create(name, "x")], _types.Holdings).Entries()); // nor to see
    }

    [Fact]
    public void The_headers_of_a_message_are_not_changed_any_more()
    {
        IFields[] all =
        [
            _types.NewOutgoingRequest(_types.FieldsFromList([("a", Bytes("b"))]).Value).Headers(),
            _types.NewOutgoingResponse(_types.FieldsFromList([("a", Bytes("b"))]).Value).Headers(),
        ];
        foreach (var fields in all)
        {
            Assert.IsType<HeaderError.Immutable>(fields.Set("a", [Bytes("c")]).Error);
            Assert.IsType<HeaderError.Immutable>(fields.Append("last-modified", Bytes("c")).Error);
            Assert.IsType<HeaderError.Immutable>(fields.Delete("a").Error);
            Assert.Equal("a=b", All(fields));
            Assert.True(fields.Clone().Append("c", Bytes("d")).IsOk);
        }
    }
}

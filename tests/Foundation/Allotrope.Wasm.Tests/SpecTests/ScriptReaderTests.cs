using System.Text;

namespace Allotrope.Wasm.Tests.SpecTests;

public sealed class ScriptReaderTests
{
    [Fact]
    public void Lists_words_and_strings_are_read_with_their_lines()
    {
        var script = ScriptReader.Read("(register \"M\" $x)\n(get\n \"g\")"u8);

        Assert.Equal(["register", "get"], script.Select(list => list.Head));
        Assert.Equal("$x", Assert.IsType<Node.Word>(script[0].Items[2]).Value);
        var text = Assert.IsType<Node.Text>(script[1].Items[1]);
        Assert.Equal("g"u8, text.Bytes);
        Assert.Equal(3, text.Line);
    }

    [Theory]
    [InlineData("""\00\ff""", new byte[] { 0, 255 })]
    [InlineData("""\\\"\t\n\r""", new byte[] { 92, 34, 9, 10, 13 })]
    [InlineData("""\u{212b}""", new byte[] { 0xe2, 0x84, 0xab })]
    public void Escapes_stand_for_bytes(string text, byte[] bytes)
    {
        var script = ScriptReader.Read(Encoding.UTF8.GetBytes($"(x \"{text}\")"));
        Assert.Equal(bytes, Assert.IsType<Node.Text>(script[0].Items[1]).Bytes);
    }

    [Theory]
    [InlineData("(a\n(b)", "line 1: the list is never closed.")]
    [InlineData("(a)\n)", "line 2: a ')' closes nothing.")]
    [InlineData("word", "line 1: only lists may stand at the top level.")]
    [InlineData("(a \"b", "line 1: a string is never closed.")]
    [InlineData("(a \"\\4\")", "line 1: an escape must be two hexadecimal digits, a quoted character or a \\u{code point}.")]
    public void A_malformed_script_is_refused_with_its_line(string script, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => ScriptReader.Read(Encoding.UTF8.GetBytes(script))).Message);

    [Fact]
    public void Depth_costs_no_stack()
    {
        const int depth = 1_000_000;
        var script = ScriptReader.Read(Encoding.UTF8.GetBytes(new string('(', depth) + new string(')', depth)));
        Assert.Single(script);
    }
}

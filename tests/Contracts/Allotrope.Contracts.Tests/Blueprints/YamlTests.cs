namespace Allotrope.Contracts.Tests;

public class YamlTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("'single ''quoted'''", "single 'quoted'")]
    [InlineData("\"double \\\"quoted\\\" \\u00e9 \\U0001F600\"", "double \"quoted\" é 😀")]
    [InlineData("|\n      two\n      lines", "two\nlines\n")]
    [InlineData(">-\n      folded\n      text", "folded text")]
    [InlineData("0x10", "0x10")]
    [InlineData("yes", "yes")]
    [InlineData("\"null\"", "null")]
    [InlineData("\"\"", "")]
    public void A_setting_is_its_text_however_it_is_written(string yaml, string text) =>
        Assert.Equal(text, Read(yaml).Annotations["note"]);

    [Fact]
    public void Comments_and_a_document_marker_are_no_content() => Assert.Equal("a", Manifest.ReadText("""
        # before
        ---
        apiVersion: core.oam.dev/v1beta1 # behind
        kind: Application
        metadata: {name: a}
        spec: {components: [{name: b, type: actor, properties: {image: b.wasm}}]}
        """).Blueprint.Name);

    [Fact]
    public void A_byte_order_mark_is_no_content() => Assert.Equal("counter",
        BlueprintReader.Read([0xEF, 0xBB, 0xBF, .. Manifest.Bytes("Good", "counter")], "app.yaml").Blueprint.Name);

    [Fact]
    public void Lines_may_end_as_on_Windows() => Assert.Equal("counter", BlueprintReader.Read(
        [.. Manifest.Bytes("Good", "counter").SelectMany(one => one == '\n' ? "\r\n"u8.ToArray() : [one])], "app.yaml").Blueprint.Name);

    static Blueprint Read(string note) => Manifest.ReadText(
        $"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata:
          name: a
          annotations:
            note: {note}
        spec:
          components:
            - name: b
              type: actor
              properties: {"{"}image: b.wasm{"}"}
        """).Blueprint;
}

using Allotrope.Kernel;

namespace Allotrope.Contracts.Tests;

public class BadManifestTests
{
    public static TheoryData<string> Bad => Manifest.Names("Bad");

    [Theory]
    [MemberData(nameof(Bad))]
    public void Every_error_is_told_with_its_place_and_what_was_expected(string name)
    {
        var error = Assert.Throws<FaultException>(() => BlueprintReader.Read(Manifest.Bytes("Bad", name), name + ".yaml"));
        var fault = Assert.IsType<Fault.Invalid>(error.Fault);
        Assert.StartsWith(name + ".yaml:", fault.Where);
        Manifest.Matches("Bad", name + ".txt", string.Join("\n", [fault.Message, .. fault.More]) + "\n");
    }

    [Fact]
    public void A_misspelt_key_names_the_nearest_known_one()
    {
        var fault = Refused(App("traits: [{type: spreadscaler, properties: {instnces: 4}}]"));
        Assert.Equal("app.yaml:9:50", fault.Where);
        Assert.Equal("unknown key 'instnces' at app.yaml:9:50; did you mean 'instances'?", fault.Message);
    }

    [Fact]
    public void A_hostile_key_cannot_write_to_the_terminal()
    {
        var fault = Refused(App("\"\\e[2J\\u202Eabc\": 1"));
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.DoesNotContain('\u202E', fault.Message);
    }

    [Fact]
    public void A_document_beyond_the_size_limit_is_refused()
    {
        var fault = Refused(App("") + new string('#', DocumentLimits.Bytes));
        Assert.Contains($"at most {DocumentLimits.Bytes}", fault.Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Endless_nesting_stops_at_the_limit(string opening)
    {
        var fault = Refused(string.Concat(Enumerable.Repeat(opening, 50_000)));
        Assert.NotEmpty(fault.Message);
    }

    [Fact]
    public void Too_many_values_are_refused() =>
        Assert.Contains($"more than {DocumentLimits.Nodes} values",
            Refused("a: [" + string.Concat(Enumerable.Repeat("1,", DocumentLimits.Nodes + 1)) + "]").Message);

    [Fact]
    public void Too_many_components_are_refused()
    {
        var components = string.Concat(Enumerable.Range(0, DocumentLimits.Components + 1)
            .Select(i => $"    - {{name: c{i}, type: actor, properties: {{image: a}}}}\n"));
        var fault = Refused($"apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {{name: a}}\nspec:\n  components:\n{components}");
        Assert.Contains($"component number {DocumentLimits.Components + 1}", fault.Message);
    }

    [Fact]
    public void A_document_with_a_thousand_errors_tells_the_first_fifty_and_how_many_more_there_are()
    {
        var fault = Refused(App(string.Concat(Enumerable.Range(0, 1000).Select(i => $"strange{i}: 1\n      "))));
        Assert.Equal(50, fault.More.Count);
        Assert.Equal("and 950 more that are not listed; mend these first", fault.More[^1]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_line()
    {
        var error = Assert.Throws<FaultException>(() => BlueprintReader.Read([.. "kind: Application\na: "u8, 0xFF, 0xFE], "app.yaml"));
        Assert.Equal("bytes that are no UTF-8 at app.yaml:2:1; save the file as UTF-8 text", error.Message);
    }

    static string App(string component) =>
        $"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {"{"}name: a{"}"}
        spec:
          components:
            - name: b
              type: actor
              properties: {"{"}image: b.wasm{"}"}
              {component}

        """;

    static Fault.Invalid Refused(string yaml) =>
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Manifest.ReadText(yaml)).Fault);
}

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The official tests of everything, for code that knows its instructions.</summary>
public sealed class TraceModeTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Specification.Rows(_ => true);

    [Theory(Explicit = true)]
    [MemberData(nameof(Scripts))]
    public void Holds_with_exact_traces(string script) => Specification.Check(script, suite, new() { ExactTraces = true });
}

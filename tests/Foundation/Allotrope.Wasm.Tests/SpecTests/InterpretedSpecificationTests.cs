namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>All official tests with every function interpreted.</summary>
public sealed class InterpretedSpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    static readonly CompileOptions Interpreted = new() { Tier = Tier.Interpreted };

    public static IEnumerable<TheoryDataRow<string>> Scripts() => Specification.Rows(_ => true);

    public static IEnumerable<TheoryDataRow<string>> RelaxedScripts() => Specification.Rows(script => script.Contains("relaxed"));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script) => Specification.Check(script, suite, Interpreted);

    [Theory]
    [MemberData(nameof(RelaxedScripts))]
    public void Holds_with_fixed_results(string script) => Specification.Check(script, suite: new(), Interpreted with { Deterministic = true });
}

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The official tests of vectors, which <see cref="ProcessorTests"/> repeats as on older processors.</summary>
public sealed class VectorSpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Specification.Rows(Specification.IsOfVectors);

    public static IEnumerable<TheoryDataRow<string>> RelaxedScripts() => Specification.Rows(script => script.Contains("relaxed"));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script) => Specification.Check(script, suite);

    /// <summary>Where the specification allows several results, the fixed ones are among them.</summary>
    [Theory]
    [MemberData(nameof(RelaxedScripts))]
    public void Holds_with_fixed_results(string script) => Specification.Check(script, suite: new(), new CompileOptions { Deterministic = true });
}

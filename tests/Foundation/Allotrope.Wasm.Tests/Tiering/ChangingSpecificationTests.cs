using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Tiering;

/// <summary>All official tests with functions that change over: each after its first call or at its first loop, or each somewhere else.</summary>
public sealed class ChangingSpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Specification.Rows(_ => true);

    public static IEnumerable<TheoryDataRow<string>> RelaxedScripts() => Specification.Rows(script => script.Contains("relaxed"));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script) => Specification.Check(script, suite, Changing.AtOnce);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds_wherever_functions_change_over(string script) => Specification.Check(script, suite: new(), Changing.Anywhere(seed: 5));

    [Theory]
    [MemberData(nameof(RelaxedScripts))]
    public void Holds_with_fixed_results(string script) => Specification.Check(script, suite: new(), Changing.AtOnce with { Deterministic = true });
}

using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Splitting;

/// <summary>The official tests with every function split wherever it can be, once into small and once into larger parts.</summary>
public sealed class SplitSpecificationTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Specification.Rows(script => script.StartsWith("3.0/", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds_in_parts(string script)
    {
        foreach (var ilBytes in new[] { 100, 1_000 })
            Specification.Check(script, suite: new(), Splits.All(ilBytes));
    }
}

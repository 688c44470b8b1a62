namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The official tests of everything but vectors.</summary>
public sealed class SpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Specification.Rows(script => !Specification.IsOfVectors(script));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script) => Specification.Check(script, suite);

    [Fact]
    public void What_is_not_there_yet_is_a_script_of_the_suite()
    {
        var scripts = Specification.Rows(_ => true).Where(row => row.Skip is null).Select(row => row.Data).ToHashSet();
        if (scripts.Count == 0) Assert.Skip("The official tests are not here.");
        Assert.Empty(NotYet.Scripts.Except(scripts));
    }
}

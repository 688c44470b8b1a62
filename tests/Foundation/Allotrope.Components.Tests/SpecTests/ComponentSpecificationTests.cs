using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.SpecTests;

/// <summary>The official tests of the Component Model.</summary>
public sealed class ComponentSpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => OfficialSuite.Scripts("component-model/sync") is { } scripts
        ? scripts.Select(script => new TheoryDataRow<string>(script))
        : [new("component-model/sync") { Skip = "The official tests are not here: put them into shared/spectests beside the repository." }];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script)
    {
        var run = new ComponentScriptRun();
        run.Execute(OfficialSuite.Read(script));
        suite.Add(script, run.Tally);
        Assert.True(run.Failures.Count == 0, $"{run.Failures.Count} of {script} failed:\n{string.Join('\n', run.Failures.Take(20))}");
    }
}

using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.SpecTests;

/// <summary>The official tests of the Component Model.</summary>
public sealed class ComponentSpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Rows("component-model/sync");

    public static IEnumerable<TheoryDataRow<string>> AsynchronousScripts() => Rows("component-model/async");

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script)
    {
        var run = Run(script);
        suite.Add(script, run.Tally);
        Assert.True(run.Failures.Count == 0, $"{run.Failures.Count} of {script} failed:\n{string.Join('\n', run.Failures.Take(20))}");
    }

    [Theory]
    [MemberData(nameof(AsynchronousScripts))]
    public void Holds_unless_it_contradicts_its_specification(string script)
    {
        var run = Run(script);
        if (DisputedScripts.Reasons.ContainsKey(Path.GetFileName(script)))
        {
            suite.Missing(script);
            Assert.True(run.Failures.Count > 0, $"{script} holds: take it out of {nameof(DisputedScripts)}");
            return;
        }
        suite.Add(script, run.Tally);
        Assert.True(run.Failures.Count == 0, $"{run.Failures.Count} of {script} failed:\n{string.Join('\n', run.Failures.Take(20))}");
    }

    static ComponentScriptRun Run(string script)
    {
        var run = new ComponentScriptRun();
        run.Execute(OfficialSuite.Read(script));
        return run;
    }

    static IEnumerable<TheoryDataRow<string>> Rows(string folder) => OfficialSuite.Scripts(folder) is { } scripts
        ? scripts.Select(script => new TheoryDataRow<string>(script))
        : [new(folder) { Skip = "The official tests are not here: put them into shared/spectests beside the repository." }];
}

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>
/// The official core tests of WebAssembly 2.0 and 3.0: every file, every assertion, but for those of <see cref="NotYet"/> and
/// <see cref="Superseded"/>.
/// </summary>
public sealed class SpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() =>
        new[] { "2.0", "3.0" }.SelectMany(version => OfficialSuite.Scripts(version) is { } scripts
            ? scripts.Select(script => new TheoryDataRow<string>(script))
            : [new(version) { Skip = "The official tests are not here: put them into shared/spectests beside the repository." }]);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script)
    {
        var run = new ScriptRun();
        run.Execute(OfficialSuite.Read(script));
        if (NotYet.Scripts.Contains(script))
        {
            suite.Missing(script);
            Assert.True(run.Failures.Count > 0, $"{script} holds: take it out of {nameof(NotYet)}");
            return;
        }

        suite.Add(script, run.Tally);
        var superseded = Superseded.LinesOf(script);
        var failures = run.Failures.Where(failure => !superseded.Contains(failure.Line)).ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} of {script} failed:\n{string.Join('\n', failures.Take(20))}");
        Assert.Equal(superseded, run.Failures.Select(failure => failure.Line));
    }

    /// <summary>Where the specification allows several results, the fixed ones are among them.</summary>
    [Fact]
    public void Relaxed_instructions_hold_with_fixed_results_too()
    {
        var relaxed = OfficialSuite.Scripts("3.0")?.Where(script => script.Contains("relaxed")).ToList();
        if (relaxed is null) Assert.Skip("The official tests are not here.");
        Assert.NotEmpty(relaxed);
        foreach (var script in relaxed)
        {
            var run = new ScriptRun(new CompileOptions { Deterministic = true });
            run.Execute(OfficialSuite.Read(script));
            Assert.Empty(run.Failures);
        }
    }

    [Fact]
    public void What_is_not_there_yet_is_a_script_of_the_suite()
    {
        var scripts = Scripts().Where(row => row.Skip is null).Select(row => row.Data).ToHashSet();
        if (scripts.Count == 0) Assert.Skip("The official tests are not here.");
        Assert.Empty(NotYet.Scripts.Except(scripts));
    }
}

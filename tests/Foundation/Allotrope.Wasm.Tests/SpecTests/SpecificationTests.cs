namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The official core tests of WebAssembly 2.0, without SIMD: every file, every assertion.</summary>
public sealed class SpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    const string Version = "2.0";

    public static IEnumerable<TheoryDataRow<string>> Scripts() => OfficialSuite.Core(Version) is { } scripts
        ? scripts.Select(script => new TheoryDataRow<string>(Path.GetFileName(script)))
        : [new("") { Skip = "The official tests are not here: put them into shared/spectests beside the repository." }];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Holds(string script)
    {
        var path = OfficialSuite.Core(Version)!.Single(path => Path.GetFileName(path) == script);
        var run = new ScriptRun();
        run.Execute(ScriptReader.Read(File.ReadAllBytes(path)));
        suite.Add(run.Tally);
        Assert.True(run.Failures.Count == 0, $"{run.Failures.Count} of {script} failed:\n{string.Join('\n', run.Failures.Take(20))}");
    }
}

/// <summary>Adds the files' counts up and prints them at the end.</summary>
public sealed class SuiteTally : IDisposable
{
    readonly Tally _total = new();

    internal void Add(Tally tally) => _total.Add(tally);

    public void Dispose() => Console.WriteLine($"official tests: {_total.Assertions} assertions hold ({_total})");
}

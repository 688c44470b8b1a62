namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The official core tests of WebAssembly 2.0 and 3.0 as rows of theories, and what it means that a script holds.</summary>
static class Specification
{
    public static IEnumerable<TheoryDataRow<string>> Rows(Func<string, bool> wanted) =>
        new[] { "2.0", "3.0" }.SelectMany(version => OfficialSuite.Scripts(version) is { } scripts
            ? scripts.Where(wanted).Select(script => new TheoryDataRow<string>(script))
            : [new(version) { Skip = "The official tests are not here: put them into shared/spectests beside the repository." }]);

    public static bool IsOfVectors(string script) => script.Contains("simd");

    /// <summary>Whether a script is mostly of loads, stores or memories, so that it matters how these are checked.</summary>
    public static bool IsOfMemory(string script) =>
        Memories.Any(word => script[(script.LastIndexOf('/') + 1)..].Contains(word, StringComparison.Ordinal));

    static readonly string[] Memories =
        ["address", "align", "data", "endianness", "memory", "load", "store", "traps", "left-to-right", "linking", "imports", "bulk", "start", "try_table"];

    /// <summary>Every assertion, but for those of <see cref="Superseded"/>; scripts of <see cref="NotYet"/> must fail.</summary>
    public static void Check(string script, SuiteTally suite, CompileOptions? options = null)
    {
        var run = new ScriptRun(options);
        run.Execute(OfficialSuite.Read(script));
        if (NotYet.Scripts.Contains(script))
        {
            suite.Missing(script);
            Assert.True(run.Failures.Count > 0, $"{script} holds: take it out of {nameof(NotYet)}");
            return;
        }

        suite.Add(script, run.Tally, options is null or { MemoryChecks: MemoryChecks.Automatic } ? "" : $" with {options.MemoryChecks.ToString().ToLowerInvariant()} checks");
        var superseded = Superseded.LinesOf(script);
        var failures = run.Failures.Where(failure => !superseded.Contains(failure.Line)).ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} of {script} failed:\n{string.Join('\n', failures.Take(20))}");
        Assert.Equal(superseded, run.Failures.Select(failure => failure.Line));
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Allotrope.Wasm.Tests.Differential;

/// <summary>
/// Generated modules do here what they do on V8: the same results, traps, memories, tables and calls of the host. <c>ALLOT_FUZZ_SECONDS</c> says how
/// long, <c>ALLOT_FUZZ_SEED</c> where it begins, <c>ALLOT_FUZZ_MODE</c> (0 explicit checks, 1 interpreted, 2 deterministic with fuel, 3 changing over) that each module is also
/// run in that mode instead of one of them in turn; a failure names its seed.
/// </summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    const ulong FixedSeed = 20_261_121;
    const int FixedCount = 120;

    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>The same modules each time: what lands must not depend on luck.</summary>
    [Fact]
    public void Generated_modules_behave_as_on_the_other_engine() => Compare(FixedSeed, (count, _) => count < FixedCount);

    /// <summary>With <c>./test --all</c>; other modules each time, unless a seed is given.</summary>
    [Fact(Explicit = true)]
    public void Generated_modules_behave_as_on_the_other_engine_for_long()
    {
        var time = int.TryParse(Environment.GetEnvironmentVariable("ALLOT_FUZZ_SECONDS"), out var seconds) ? TimeSpan.FromSeconds(seconds) : Long;
        Compare(Fresh(), (_, elapsed) => elapsed < time);
    }

    void Compare(ulong seed, Func<int, TimeSpan, bool> more)
    {
        using var oracle = Oracle.Start();
        Assert.SkipWhen(oracle is null, "There is no node to compare with: install Debian's package 'nodejs'.");
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => Compare(oracle, seed, more)), OwnRun.ThreadBytes);
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
    }

    void Compare(Oracle oracle, ulong first, Func<int, TimeSpan, bool> more)
    {
        var comparison = new Comparison(oracle);
        var (clock, count, bytes, differences) = (Stopwatch.StartNew(), 0, 0L, new List<string>());
        var journal = Path.Combine(Path.GetTempPath(), $"allot-fuzz-{Environment.ProcessId}.seed");
        for (; more(count, clock.Elapsed) && differences.Count < 5; count++)
        {
            File.WriteAllText(journal, $"{first + (ulong)count}"); // a module that ends the process is to be found here
            if (comparison.Check(first + (ulong)count, out var module) is { } difference) differences.Add(difference);
            bytes += module.Binary.Length;
        }
        File.Delete(journal);
        output.WriteLine($"{count} modules of {bytes} bytes from seed {first} against {oracle.Name} ({oracle.Features}) in {clock.Elapsed.TotalSeconds:F0} s: {comparison.Ends}");
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    static ulong Fresh() => ulong.TryParse(Environment.GetEnvironmentVariable("ALLOT_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed)
        ? seed : (ulong)Environment.TickCount64 * 1_000_003;
}

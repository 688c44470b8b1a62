using System.Diagnostics;

namespace Allotrope.Wasm.Tests.Fuzz;

/// <summary>
/// Damaged modules never do more than be refused, fail to link, trap or run. <c>ALLOT_FUZZ_SECONDS</c> sets how long damage is tried,
/// <c>ALLOT_FUZZ_SEED</c> where it begins; a failure names the seed of its one case.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    const int DefaultSeed = 20_261_121;
    const int DefaultSeconds = 3, LongSeconds = 1_200;

    /// <summary>A single module that takes longer than this hangs.</summary>
    static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    readonly List<byte[]> _corpus = Corpus.Load();

    [Fact]
    public void A_damaged_module_is_refused_or_runs_within_its_limits() => Damage(Setting("ALLOT_FUZZ_SECONDS", DefaultSeconds), Setting("ALLOT_FUZZ_SEED", DefaultSeed));

    /// <summary>With <c>./test --all</c>; other damage each time, unless a seed is given.</summary>
    [Fact(Explicit = true)]
    public void Damaged_modules_are_refused_or_run_within_their_limits_for_long() =>
        Damage(Setting("ALLOT_FUZZ_SECONDS", LongSeconds), Setting("ALLOT_FUZZ_SEED", Environment.TickCount & 0x3fff_ffff));

    void Damage(int seconds, int seed)
    {
        var outcomes = new int[Enum.GetValues<Trial.Outcome>().Length];
        var clock = Stopwatch.StartNew();
        for (var trials = 0; trials < 100 || clock.Elapsed.TotalSeconds < seconds; trials++)
            outcomes[(int)Try(seed + trials)]++;

        var counts = string.Join(", ", Enum.GetValues<Trial.Outcome>().Select(outcome => $"{outcomes[(int)outcome]} {outcome}"));
        output.WriteLine($"{outcomes.Sum()} damaged modules from seed {seed}: {counts}");
        Assert.All(outcomes, count => Assert.NotEqual(0, count));
    }

    /// <summary>On a thread of its own, so that a hang is noticed and named.</summary>
    Trial.Outcome Try(int seed)
    {
        var random = new Random(seed);
        var binary = new Mutation(random, _corpus).Next();
        var outcome = default(Trial.Outcome);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                outcome = Trial.Run(binary, random);
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Hang), $"seed {seed} hangs: {Convert.ToHexStringLower(binary)}");
        Assert.True(failure is null, $"seed {seed}: {Convert.ToHexStringLower(binary)}\n{failure}");
        return outcome;
    }

    static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}

using Allotrope.Wasm.Tests.Differential;
using Allotrope.Wasm.Tests.Splitting;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>Generated modules do the same, for the same fuel, when every call of the host suspends them.</summary>
public sealed class GeneratedSuspensionTests(ITestOutputHelper output)
{
    const ulong FixedSeed = 20_261_122;

    static readonly CompileOptions Suspendable = new() { Suspendable = SuspendableImports.All };

    static readonly CompileOptions[] Modes =
    [
        Suspendable with { Fuel = true },
        Suspendable with { Fuel = true, SuspendsAll = true },
        Suspendable with { Fuel = true, Deterministic = true },
        Suspendable with { Fuel = true, MemoryChecks = MemoryChecks.Explicit },
        Suspendable with { Fuel = true, SplitsAll = true, MethodLimit = Splits.Limit(300) },
        Suspendable with { Fuel = true, ExactTraces = true },
    ];

    [Fact]
    public void Suspension_changes_nothing() => Compare(FixedSeed, (count, _) => count < 150);

    [Fact(Explicit = true)]
    public void Suspension_changes_nothing_for_long() =>
        Compare((ulong)Environment.TickCount64 * 1_000_003, (_, clock) => clock.Elapsed < TimeSpan.FromMinutes(20));

    void Compare(ulong first, Func<int, System.Diagnostics.Stopwatch, bool> more)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => CompareHere(first, more)), OwnRun.ThreadBytes);
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
    }

    void CompareHere(ulong first, Func<int, System.Diagnostics.Stopwatch, bool> more)
    {
        var (clock, count, suspended) = (System.Diagnostics.Stopwatch.StartNew(), 0, 0L);
        for (; more(count, clock); count++)
        {
            var seed = first + (ulong)count;
            var module = new ModuleGenerator(seed, Features.Everything, Differential.Comparison.SizeOf(seed)).Make();
            var mode = Modes[count % Modes.Length];
            var plain = OwnRun.Run(module, mode with { Suspendable = SuspendableImports.None, SuspendsAll = false });
            var waiting = OwnRun.Run(module, mode, waits: true);
            suspended += OwnRun.LastSuspended;
            Assert.True(plain.SequenceEqual(waiting), $"seed {seed} with {mode}:\n{string.Join('\n', plain.Zip(waiting).Where(pair => pair.First != pair.Second))}");
        }

        output.WriteLine($"{count} modules from seed {first}, suspended {suspended} times, in {clock.Elapsed.TotalSeconds:F0} s");
        Assert.True(suspended > count);
    }
}

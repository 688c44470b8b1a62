using System.Diagnostics;
using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Differential;

namespace Allotrope.Wasm.Tests.Endurance;

/// <summary>
/// Modules come and go for as long as a node runs: with all of WebAssembly 3.0 in them (structs of ever new shapes, exceptions, several segments),
/// compiled, instantiated, called, and dropped, every other one without <c>Dispose</c>.
/// </summary>
public sealed class ChurnTests(ITestOutputHelper output)
{
    const ulong Seed = 4_000_000_000;
    const double ShortTolerance = 0.1, LongTolerance = 0.02;

    /// <summary>Where no other tests fill the memory that is measured.</summary>
    [Fact]
    public Task Dropped_modules_leave_nothing() =>
        OwnProcess.RunExplicitAsync(typeof(ChurnTests), nameof(Three_hundred_dropped_modules_leave_nothing), new Dictionary<string, string>());

    [Fact(Explicit = true)]
    public void Three_hundred_dropped_modules_leave_nothing() => Churn(100, 300, ShortTolerance);

    /// <summary>With <c>./test --all</c>.</summary>
    [Fact(Explicit = true)]
    public void Ten_thousand_dropped_modules_leave_nothing() => Churn(1_000, 10_000, LongTolerance);

    void Churn(int warmth, int modules, double tolerance)
    {
        Assert.SkipUnless(Resident.IsKnown, "Resident memory is read from /proc.");
        var clock = Stopwatch.StartNew();
        var seed = Run(Seed, warmth);
        var before = Resident.Settled();
        for (var done = 0; done < modules; done += modules / 5)
        {
            seed = Run(seed, modules / 5);
            output.WriteLine($"{done + modules / 5} modules, {clock.Elapsed.TotalSeconds:F0} s: {Resident.Settled()}; at first {before}");
        }
        var after = Resident.Settled();
        Assert.True(Resident.Growth(before, after) <= tolerance, $"of {modules} modules something is still there: {before} before, {after} after");
    }

    static ulong Run(ulong seed, int modules)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            for (var i = 0; i < modules; i++) Use(new ModuleGenerator(seed + (ulong)i, Features.Everything, size: 2).Make(), isDisposed: i % 2 == 0);
        }), OwnRun.ThreadBytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return seed + (ulong)modules;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Use(GeneratedModule module, bool isDisposed) => OwnRun.Run(module, isDisposed: isDisposed);
}

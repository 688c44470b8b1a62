using System.Diagnostics;
using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Differential;

namespace Allotrope.Wasm.Tests.Endurance;

/// <summary>
/// Modules come and go for as long as a node runs: with all of WebAssembly 3.0 in them (structs of ever new shapes, exceptions, several segments),
/// compiled, instantiated, called, and dropped, every other one without <c>Dispose</c>. All their code must be unloaded, which is counted. The memory of
/// the runtime itself, its loader's and its compiler's, fills gaps before it stays as it is, and goes up and down by some percent: it may grow a little, and
/// in the last half hardly beyond the highest of the first.
/// </summary>
public sealed class ChurnTests(ITestOutputHelper output)
{
    const ulong Seed = 4_000_000_000;

    /// <summary>Assemblies that the last modules may leave until something else takes their place on the stack.</summary>
    const int Lingering = 2;

    /// <summary>How often it is measured.</summary>
    const int Parts = 4;

    /// <summary>Where no other tests fill the memory that is measured.</summary>
    [Fact]
    public Task Dropped_modules_leave_nothing() =>
        OwnProcess.RunExplicitAsync(typeof(ChurnTests), nameof(Three_hundred_dropped_modules_leave_nothing), new Dictionary<string, string>());

    [Fact(Explicit = true)]
    public void Three_hundred_dropped_modules_leave_nothing() => Churn(100, 300, tolerance: 0.1, atLast: 0.1);

    /// <summary>With <c>./test --all</c>.</summary>
    [Fact(Explicit = true)]
    public void Ten_thousand_dropped_modules_leave_nothing() => Churn(2_000, 10_000, tolerance: 0.04, atLast: 0.01);

    /// <param name="warmth">Modules that come and go before.</param>
    /// <param name="modules">Those that are measured.</param>
    /// <param name="tolerance">What may be added, as a part of all that was resident.</param>
    /// <param name="atLast">The same at the end, beyond the highest of the first half.</param>
    void Churn(int warmth, int modules, double tolerance, double atLast)
    {
        Assert.SkipUnless(Resident.IsKnown, "Resident memory is read from /proc.");
        var clock = Stopwatch.StartNew();
        var seed = Run(Seed, warmth);
        var measured = new List<Resident> { Resident.Settled() };
        var loaded = Loaded().Length;
        for (var part = 1; part <= Parts; part++)
        {
            seed = Run(seed, modules / Parts);
            measured.Add(Resident.Settled());
            output.WriteLine($"{part * modules / Parts} modules, {clock.Elapsed.TotalSeconds:F0} s: {measured[^1]}; at first {measured[0]}");
        }

        var left = Loaded();
        Assert.True(left.Length <= loaded + Lingering, $"{loaded} assemblies before, {left.Length} after: {string.Join(' ', left)}");
        Assert.True(Resident.Growth(measured[0], measured[^1]) <= tolerance, $"of {modules} modules something is still there: {string.Join("; ", measured)}");
        Assert.True(Resident.Growth(measured[..((Parts / 2) + 1)].MaxBy(each => each.Private), measured[^1]) <= atLast, $"it goes on growing: {string.Join("; ", measured)}");
    }

    /// <summary>The generated code that is loaded.</summary>
    static string[] Loaded() =>
        [.. AppDomain.CurrentDomain.GetAssemblies().Where(assembly => assembly.IsCollectible).Select(assembly => assembly.GetName().Name!)];

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

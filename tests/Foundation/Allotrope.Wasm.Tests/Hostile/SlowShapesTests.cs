using System.Diagnostics;

namespace Allotrope.Wasm.Tests.Hostile;

/// <summary>How long the just-in-time compiler can be kept busy by a small module: nothing may interrupt it meanwhile.</summary>
public sealed class SlowShapesTests(ITestOutputHelper output)
{
    /// <summary>Far above what was measured on a quiet machine; what takes longer has no bound.</summary>
    static readonly TimeSpan AtMost = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Names => [.. SlowShapes.All.Keys];

    /// <summary>With <c>./test --all</c>; prints the times.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Names))]
    public void A_small_function_of_any_shape_is_compiled_in_time(string name)
    {
        var binary = SlowShapes.All[name]().Build();
        var clock = Stopwatch.StartNew();
        var module = Module.Compile(binary, new() { Tier = Tier.Compiled });
        var emitted = clock.Elapsed;
        module.Prepare();
        var prepared = clock.Elapsed;
        output.WriteLine($"{name}: {binary.Length} bytes, IL in {emitted.TotalMilliseconds:F0} ms, machine code in {prepared.TotalMilliseconds:F0} ms, {prepared.TotalMilliseconds / (binary.Length / 1024.0):F0} ms/KiB");
        Assert.InRange(prepared, TimeSpan.Zero, AtMost);
    }
}

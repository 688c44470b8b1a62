using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Calls;

/// <summary>Functions of more parameters than Func and Action have.</summary>
public sealed class WideCallTests
{
    delegate long Sum(
        int a, long b, int c, long d, int e, long f, int g, long h, int i, long j, int k, long l, int m, long n, int o, long p, int q, long r, int s, long t);

    [Theory]
    [InlineData(Tier.Compiled)]
    [InlineData(Tier.Interpreted)]
    public void A_function_of_the_host_may_have_twenty_parameters(Tier tier)
    {
        var signature = $"{string.Join(',', Enumerable.Repeat("i32,i64", 10))}->i64";
        var code = string.Join(' ', Enumerable.Range(0, 20).Select(i => $"local.get {i}"));
        var module = Module.Compile(
            new ModuleText().Import("host", "sum", signature).Function("run", signature, $"{code} call 0").Build(), CompileOptions.Default with { Tier = tier });
        using var store = new Store();
        Sum sum = (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t) =>
            a + (2 * b) + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + (3 * t);
        var run = new Linker().Define("host", "sum", sum).Instantiate(store, module).GetFunction<Sum>("run");
        Assert.Equal(210 + 2 + 40, run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20));
        if (tier == Tier.Interpreted)
            return;
        for (var i = 0; i < 1_000; i++) run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20); // until the runtime's own tiers have settled
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}

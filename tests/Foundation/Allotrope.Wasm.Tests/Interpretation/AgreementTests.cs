using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Interpretation;

/// <summary>Interpreted and compiled code do the same: results, memory and fuel.</summary>
public sealed class AgreementTests
{
    [Theory]
    [InlineData("mix", 300)]
    [InlineData("sort", 300)]
    [InlineData("mandelbrot", 8)]
    [InlineData("fib", 12)]
    [InlineData("dispatch", 300)]
    [InlineData("sha256", 300)]
    [InlineData("mandelsimd", 8)]
    [InlineData("matrix", 2)]
    [InlineData("blur", 2)]
    [InlineData("chacha", 20)]
    [InlineData("hostcall", 50)]
    public void Both_compute_the_same_for_the_same_fuel(string kernel, int size) =>
        Assert.Equal(Run(kernel, size, Tier.Compiled), Run(kernel, size, Tier.Interpreted));

    static (int Checksum, long Fuel) Run(string kernel, int size, Tier tier)
    {
        const long plenty = 1L << 40;
        var path = Path.Combine(OfficialSuite.Repository, "bench", "engine", "kernels", $"{kernel}.wasm");
        var module = Module.Compile(File.ReadAllBytes(path), new CompileOptions { Tier = tier, Fuel = true });
        var store = new Store { Fuel = plenty };
        var linker = new Linker().Define("host", "step", (int value) => unchecked((value * 3) + 1));
        var checksum = linker.Instantiate(store, module).GetFunction<Func<int, int>>("run")(size);
        return (checksum, plenty - store.Fuel);
    }
}

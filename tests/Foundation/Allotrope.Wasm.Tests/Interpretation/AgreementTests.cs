using Allotrope.Wasm.Tests.Differential;
using Allotrope.Wasm.Tests.SpecTests;
using Allotrope.Wasm.Tests.Tiering;

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
        Assert.Equal(Run(kernel, size, Compiled), Run(kernel, size, Interpreted));

    [Theory]
    [InlineData("mix", 300)]
    [InlineData("sort", 300)]
    [InlineData("mandelbrot", 8)]
    [InlineData("fib", 12)]
    [InlineData("dispatch", 300)]
    [InlineData("mandelsimd", 8)]
    [InlineData("matrix", 2)]
    [InlineData("chacha", 20)]
    [InlineData("hostcall", 50)]
    public void Wherever_functions_change_over_the_fuel_is_the_same(string kernel, int size)
    {
        var compiled = Run(kernel, size, Compiled);
        Assert.Equal(compiled, Run(kernel, size, Changing.AtOnce));
        for (var seed = 1u; seed <= 5; seed++)
            Assert.Equal(compiled, Run(kernel, size, Changing.Anywhere(seed)));
    }

    [Fact]
    public void Generated_modules_do_the_same_for_the_same_fuel()
    {
        const ulong firstSeed = 20_261_121;
        const int modules = 60;
        var differences = new List<string>();
        var thread = new Thread(
            () =>
            {
                for (var seed = firstSeed; seed < firstSeed + modules; seed++)
                {
                    var module = new ModuleGenerator(seed, Features.Everything, Differential.Comparison.SizeOf(seed)).Make();
                    var (compiled, interpreted, changing) = (Happens(module, Compiled), Happens(module, Interpreted), Happens(module, Changing.Anywhere((uint)seed)));
                    if (compiled != interpreted) differences.Add($"seed {seed}, compiled:\n{compiled}\ninterpreted:\n{interpreted}");
                    if (compiled != changing) differences.Add($"seed {seed}, compiled:\n{compiled}\nchanging over:\n{changing}");
                }
            },
            OwnRun.ThreadBytes);
        thread.Start();
        thread.Join();
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    static CompileOptions Compiled { get; } = new() { Tier = Tier.Compiled };

    static CompileOptions Interpreted { get; } = new() { Tier = Tier.Interpreted };

    static string Happens(GeneratedModule module, CompileOptions options) => string.Join('\n', OwnRun.Run(module, options with { Fuel = true }));

    static (int Checksum, long Fuel) Run(string kernel, int size, CompileOptions options)
    {
        const long plenty = 1L << 40;
        var path = Path.Combine(OfficialSuite.Repository, "bench", "engine", "kernels", $"{kernel}.wasm");
        var module = Module.Compile(File.ReadAllBytes(path), options with { Fuel = true });
        var store = new Store { Fuel = plenty };
        var linker = new Linker().Define("host", "step", (int value) => unchecked((value * 3) + 1));
        var checksum = linker.Instantiate(store, module).GetFunction<Func<int, int>>("run")(size);
        return (checksum, plenty - store.Fuel);
    }
}

using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Fuzz;

namespace Allotrope.Wasm.Tests.Analysis;

/// <summary>Modules that were made to cost the analysis time, stack or memory.</summary>
public sealed class HostileAnalysisTests
{
    /// <summary>What the analysis of a module of less than a megabyte may allocate, most of it for a moment.</summary>
    const long MostBytes = 256 << 20;

    [Fact]
    public void A_chain_of_calls_as_long_as_a_module_can_have()
    {
        const int functions = 50_000;
        var module = new ModuleText().Import("env", "last", "->").Function("run", "->", "call 2");
        for (var i = 2; i < functions; i++)
            module.Function(null, "->", $"call {i + 1}");
        module.Function(null, "->", "call 0");
        var signals = Analyse(module, HostConduct.Plain).Exports[0];
        Assert.Equal("last", Assert.Single(signals.Imports).Name);
        Assert.Equal((ulong)functions + 1, signals.MostDepth);
    }

    [Fact]
    public void Blocks_within_blocks() =>
        Assert.Null(Analyse(Running(string.Join(' ', Enumerable.Repeat("loop", 40_000).Concat(Enumerable.Repeat("br 0 end", 40_000))))).Exports[0].MostInstructions);

    [Fact]
    public void Doubling_calls_saturate()
    {
        var module = new ModuleText();
        for (var i = 0; i < 100; i++)
            module.Function(i == 0 ? "run" : null, "->", $"call {i + 1} call {i + 1}");
        Assert.Null(Analyse(module.Function(null, "->", "nop")).Exports[0].MostInstructions);
    }

    [Fact]
    public void Many_exports_that_each_reach_many_imports()
    {
        var module = new ModuleText();
        for (var i = 0; i < 4_000; i++)
            module.Import("e", $"{i}", "->");
        for (var i = 0; i < 4_000; i++)
            module.Function($"{i}", "->", $"call {i} call {4_000 + Math.Max(0, i - 1)}");
        Assert.Equal(4_000, Analyse(module, HostConduct.Plain).Exports[^1].Imports.Count);
    }

    [Fact]
    public void Many_tables_of_many_types()
    {
        var module = new ModuleText();
        for (var i = 0; i < 2_000; i++)
            module.Types(string.Join(',', Enumerable.Range(0, 12).Select(bit => (i >> bit & 1) == 0 ? "i32" : "i64")) + "->").Table(1);
        for (var i = 0; i < 2_000; i++)
            module.Function(null, "->", "").Elements(0, i);
        Assert.Empty(Analyse(module).Exports);
    }

    [Fact]
    public void Every_module_at_hand_can_be_analysed() => Assert.All(Corpus.Load(), binary =>
    {
        try
        {
            Assert.All(ModuleAnalysis.Of(binary).Exports, signals => Assert.False(signals is { MostInstructions: not null, Unbounded: not null }));
        }
        catch (InvalidModuleException)
        {
            // The official tests have modules that must be refused.
        }
    });

    static ModuleText Running(string code) => new ModuleText().Function("run", "->", code);

    static ModuleAnalysis Analyse(ModuleText module, HostConduct host = HostConduct.Free)
    {
        var binary = module.Build();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var analysis = ModuleAnalysis.Of(binary, host);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        return analysis;
    }
}

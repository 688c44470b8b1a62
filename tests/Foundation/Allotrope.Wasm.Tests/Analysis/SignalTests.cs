using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Analysis;

/// <summary>What else an analysis tells: depth, stack, growth, traps.</summary>
public sealed class SignalTests
{
    [Fact]
    public void Without_circles_calls_have_a_depth()
    {
        var signals = Analyse(new ModuleText().Function("run", "->", "call 1 call 2").Function(null, "->", "call 2").Function(null, "->", ""));
        Assert.Equal((3UL, false, ScheduleClass.Bounded), (signals.MostDepth, signals.Recurses, signals.Schedule));
        Assert.InRange(signals.MostStackBytes!.Value, 3UL * 64, 3 * 1024UL);
    }

    [Fact]
    public void Circles_are_found_through_tables()
    {
        var signals = Analyse(new ModuleText().Function("run", "->", "call 1").Function(null, "->", "i32.const 0 call_indirect ->").Table(1).Elements(0, 0));
        Assert.True(signals.Recurses);
        Assert.Equal((null, null, null), (signals.MostDepth, signals.MostStackBytes, signals.MostInstructions));
        Assert.Contains(TrapKind.StackExhausted, signals.Traps);
        Assert.Equal("recursion through run", signals.Unbounded!.ToString());
    }

    [Fact]
    public void A_chain_of_tail_calls_is_a_circle_too() =>
        Assert.True(Analyse(new ModuleText().Function("run", "->", "return_call 0")).Recurses);

    [Fact]
    public void Growth_adds_up()
    {
        var module = new ModuleText().Memory(1, 100).Function("run", "->", "i32.const 3 memory.grow drop call 1").Function(null, "->", "i32.const 4 memory.grow drop")
            .Function("still", "->", "");
        var analysis = ModuleAnalysis.Of(module.Build());
        Assert.Equal([7UL, 0UL], analysis.Exports.Select(export => export.MostPagesGrown));
        Assert.Equal(new MemorySignals(0, 1, 100, Grows: true), Assert.Single(analysis.Memories));
        Assert.Equal(100UL, analysis.Memories[0].MostPages);
    }

    [Fact]
    public void A_memory_that_nothing_grows_keeps_its_size() =>
        Assert.Equal(2UL, ModuleAnalysis.Of(new ModuleText().Memory(2).Function("run", "->", "").Build()).Memories[0].MostPages);

    [Theory]
    [InlineData("i32.const 8 i32.load drop", new TrapKind[0])]
    [InlineData("local.get 0 i32.load drop", new[] { TrapKind.MemoryOutOfBounds })]
    [InlineData("local.get 0 i32.const 255 i32.and i32.load offset=16 drop", new TrapKind[0])]
    [InlineData("local.get 0 i32.const 3 i32.div_s drop", new TrapKind[0])]
    [InlineData("local.get 0 i32.const -1 i32.div_s drop", new[] { TrapKind.IntegerOverflow })]
    [InlineData("i32.const 3 local.get 0 i32.rem_s drop", new[] { TrapKind.IntegerDivideByZero })]
    [InlineData("unreachable", new[] { TrapKind.Unreachable })]
    public void Traps_are_told_unless_they_cannot_be(string code, TrapKind[] traps) =>
        Assert.Equal(traps, Analyse(new ModuleText().Memory(1).Function("run", "i32->", code)).Traps);

    [Fact]
    public void Filling_memory_counts_its_bytes()
    {
        var signals = Analyse(new ModuleText().Memory(1).Function("run", "->", "i32.const 0 i32.const 0 i32.const 5000 memory.fill"));
        Assert.InRange(signals.MostInstructions!.Value, 5000UL, 5010UL);
    }

    [Fact]
    public void A_wait_for_another_thread_has_no_end()
    {
        var signals = Analyse(new ModuleText().SharedMemory(1, 1).Function("run", "->i32", "i32.const 0 i32.const 0 i64.const -1 atomic:01"));
        Assert.Equal(UnboundedReason.Wait, signals.Unbounded!.Reason);
    }

    [Fact]
    public void The_sample_actor_is_bounded_by_nothing_but_its_hosts_rules()
    {
        var counter = File.ReadAllBytes(Path.Combine(SpecTests.OfficialSuite.Repository, "guests", "counter", "counter.wasm"));
        var analysis = ModuleAnalysis.Of(counter, HostConduct.Plain);
        var call = analysis.Exports.Single(export => export.Name == "__guest_call");
        Assert.Contains("__host_call", call.Imports.Select(import => import.Name));
        Assert.Equal(analysis.Exports.Select(export => export.Name), ModuleAnalysis.Of(Module.Compile(counter), HostConduct.Plain).Exports.Select(export => export.Name));
    }

    static ExportSignals Analyse(ModuleText module) => ModuleAnalysis.Of(module.Build()).Exports[0];
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Analysis;

/// <summary>Which loops are known to end, and after how many rounds.</summary>
public sealed class LoopBoundTests
{
    [Theory]
    [InlineData("loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 10 i32.ne br_if 0 end", 10)]
    [InlineData("loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 10 i32.lt_u br_if 0 end", 10)]
    [InlineData("loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 10 i32.lt_s br_if 0 end", 10)]
    [InlineData("loop local.get 1 i32.const 4 i32.add local.tee 1 i32.const 40 i32.ne br_if 0 end", 10)]
    [InlineData("i32.const 10 local.set 1 loop local.get 1 i32.const -1 i32.add local.tee 1 br_if 0 end", 10)]
    [InlineData("i32.const 10 local.set 1 loop local.get 1 i32.const 1 i32.sub local.tee 1 i32.const 0 i32.gt_s br_if 0 end", 10)]
    [InlineData("loop i32.const 10 local.get 1 i32.const 1 i32.add local.tee 1 i32.gt_u br_if 0 end", 10)]
    [InlineData("block loop local.get 1 i32.const 10 i32.ge_u br_if 1 local.get 1 i32.const 1 i32.add local.set 1 br 0 end end", 11)]
    [InlineData("loop local.get 1 i32.const 10 i32.lt_u if local.get 1 i32.const 1 i32.add local.set 1 br 1 end end", 11)]
    [InlineData("loop local.get 1 i32.const 10 i32.ge_u if else local.get 1 i32.const 1 i32.add local.set 1 br 1 end end", 11)]
    [InlineData("loop block local.get 1 i32.const 1 i32.add local.tee 1 i32.const 10 i32.eq br_if 0 br 1 end end", 0)] // leaves through a block within
    [InlineData("i32.const -5 local.set 1 loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 5 i32.le_s br_if 0 end", 11)]
    [InlineData("local.get 0 i32.const 7 i32.and local.set 1 loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 8 i32.ne br_if 0 end", 8)]
    [InlineData("loop local.get 1 i32.eqz i32.eqz drop end", 1)] // never branches back
    public void Counted_loops_have_a_bound(string code, int rounds)
    {
        var bound = BoundOf(code);
        if (rounds == 0)
            Assert.Null(bound);
        else
            Assert.InRange(bound!.Value, (ulong)rounds, (ulong)rounds * (ulong)(code.Split(' ').Length + 1));
    }

    [Theory]
    [InlineData("loop br 0 end")]
    [InlineData("loop local.get 0 br_if 0 end")] // the parameter does not change
    [InlineData("loop local.get 1 i32.const 3 i32.add local.tee 1 i32.const 10 i32.ne br_if 0 end")] // steps over the bound
    [InlineData("loop local.get 1 i32.const 0 i32.add local.tee 1 i32.const 10 i32.ne br_if 0 end")] // steps by nothing
    [InlineData("loop local.get 0 if local.get 1 i32.const 1 i32.add local.set 1 end local.get 1 i32.const 10 i32.lt_u br_if 0 end")] // not always stepped
    [InlineData("loop local.get 1 i32.const 1 i32.add local.set 1 local.get 1 i32.const 10 i32.lt_u br_if 0 br 0 end")] // goes on anyway
    [InlineData("loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 10 i32.lt_u br_if 0 i32.const 0 local.set 1 local.get 0 br_if 0 end")] // set back
    [InlineData("loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 10 i32.ge_u br_if 0 i32.const 0 br_if 0 end")]
    [InlineData("loop local.get 1 i32.const 2 i32.add local.tee 1 i32.const -1 i32.lt_u br_if 0 end")] // wraps around past the bound
    [InlineData("loop local.get 0 br_if 0 local.get 1 i32.const 1 i32.add local.tee 1 i32.const 10 i32.lt_u br_if 0 end")] // a way back before the step
    [InlineData("loop loop local.get 1 i32.const 1 i32.add local.set 1 local.get 0 br_if 0 end local.get 1 i32.const 10 i32.ne br_if 0 end")] // stepped by an inner loop
    [InlineData("loop local.get 1 i32.const 1 i32.add local.set 2 local.get 2 i32.const 10 i32.lt_u br_if 0 end")] // another variable
    [InlineData("loop i32.const 0 br_table 0,1 end")]
    public void What_is_not_understood_has_none(string code) => Assert.Null(BoundOf(code));

    [Fact]
    public void Loops_within_loops_multiply()
    {
        const string inner = "i32.const 0 local.set 2 loop local.get 2 i32.const 1 i32.add local.tee 2 i32.const 100 i32.ne br_if 0 end";
        var bound = BoundOf($"loop {inner} local.get 1 i32.const 1 i32.add local.tee 1 i32.const 50 i32.ne br_if 0 end");
        Assert.InRange(bound!.Value, 100UL * 50 * 6, 100UL * 50 * 10);
    }

    [Fact]
    public void A_loop_that_starts_at_a_parameter_ends_after_all_numbers_at_the_latest()
    {
        var bound = BoundOf("loop local.get 0 i32.const -1 i32.add local.tee 0 br_if 0 end");
        Assert.InRange(bound!.Value, 1UL << 32, 1UL << 36);
    }

    [Fact]
    public void The_loop_in_the_way_is_named()
    {
        var signals = Analyse("nop loop br 0 end");
        Assert.Equal((UnboundedReason.Loop, 0, "run"), (signals.Unbounded!.Reason, signals.Unbounded.FunctionIndex, signals.Unbounded.Name));
        Assert.Equal(ScheduleClass.Unbounded, signals.Schedule);
    }

    static ulong? BoundOf(string code) => Analyse(code).MostInstructions;

    static ExportSignals Analyse(string code) =>
        ModuleAnalysis.Of(new ModuleText().Function("run", "i32->", code, locals: "i32,i32").Build()).Exports[0];
}

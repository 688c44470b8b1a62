using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Heap;

/// <summary>What guests keep alive is bounded; what they throw away is not.</summary>
public sealed class HeapBudgetTests
{
    const long Budget = 4 << 20;

    /// <summary>The bound is the budget, with 16 MiB on top in which garbage may lie about; the rest is what an estimate is off by.</summary>
    const long AtMost = Budget + (20 << 20);

    const string Count = "global.get 0 i32.const 1 i32.add global.set 0";

    const string List = "struct:i64,null:0";

    [Theory]
    [InlineData("i32.const -1 array.new_default 0 drop")]
    [InlineData("i32.const 0x7fffffff array.new_default 0 drop")]
    [InlineData("i64.const 1 i32.const 100000000 array.new 0 drop")]
    [InlineData("i32.const 3000000 array.new_default 0 drop")]
    public void An_array_beyond_the_budget_is_refused_before_it_is_made(string code)
    {
        var run = Start(new ModuleText().Types("array:i64").Function("run", "->", code.Replace("0x7fffffff", "2147483647"))).GetFunction<Action>("run");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(TrapKind.HeapExhausted, Assert.Throws<Trap>(run).Kind);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("i64.const 1 global.get 1 struct.new 0 global.set 1", 40)]
    [InlineData("global.get 0 i32.const 100 array.new_default 1 table.set 0", 864)]
    [InlineData("global.get 0 i32.const 40000 array.new_default 1 table.set 0", 320_064)]
    [InlineData("global.get 0 global.get 0 i32.const 10000 i32.add ref.i31 table.set 0", 24)]
    [InlineData("global.get 0 block exnref try_table catch_all_ref:0 throw 0 end unreachable end table.set 1", 512)]
    public void What_is_kept_without_end_traps(string keep, int bytes)
    {
        var instance = Start(new ModuleText().Types("struct:i64,null:0").Types("array:i64").Tag("->")
            .Table(2_000_000, element: ValueKind.AnyRef).Table(100_000, element: ValueKind.ExnRef)
            .Global(ValueKind.I32, "i32.const 0", mutable: true, export: "count").Global("null:0", "ref.null 0", mutable: true)
            .Function("run", "->", $"loop {keep} {Count} br 0 end"));
        Assert.Equal(TrapKind.HeapExhausted, Assert.Throws<Trap>(instance.GetFunction<Action>("run")).Kind);
        Assert.InRange(instance.GetGlobal("count").Value.AsInt32() * (long)bytes, Budget / 2, AtMost);
    }

    [Theory]
    [InlineData("i64.const 1 ref.null 0 struct.new 0 drop", 3_000_000)]
    [InlineData("i32.const 1000 array.new_default 1 drop", 20_000)]
    [InlineData("i32.const 400000 array.new_default 1 drop", 60)]
    public void Garbage_does_not_count(string code, int times)
    {
        var run = Start(new ModuleText().Types(List).Types("array:i64").Function("run", "i32->",
            $"loop {code} local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end")).GetFunction<Action<int>>("run");
        run(times);
    }

    [Fact]
    public void After_a_guest_let_go_there_is_room_again()
    {
        var instance = Start(new ModuleText().Types(List).Global("null:0", "ref.null 0", mutable: true)
            .Function("grow", "->", "loop i64.const 1 global.get 0 struct.new 0 global.set 0 br 0 end")
            .Function("drop", "->", "ref.null 0 global.set 0")
            .Function("some", "i32->", "loop i64.const 1 global.get 0 struct.new 0 global.set 0 local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end"));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(TrapKind.HeapExhausted, Assert.Throws<Trap>(instance.GetFunction<Action>("grow")).Kind);
            instance.GetFunction<Action>("drop")();
            GC.Collect();
            instance.GetFunction<Action<int>>("some")(20_000);
            instance.GetFunction<Action>("drop")();
        }
    }

    /// <summary>Classes are made in assemblies of many, so those that share theirs with one that another test uses stay: most go.</summary>
    [Fact]
    public void The_classes_of_dropped_structs_are_unloaded()
    {
        var classes = Enumerable.Range(0, 200).Select(i => MakeAndDrop(string.Join(',', Enumerable.Repeat("f32", 40 + i)))).ToList();
        for (var round = 0; classes.Count(made => made.IsAlive) > 100 && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.InRange(classes.Count(made => made.IsAlive), 0, 100);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference MakeAndDrop(string fields)
    {
        var instance = Start(new ModuleText().Types($"struct:{fields}").Function("run", "->anyref", "struct.new_default 0"));
        return new(instance.GetFunction<Func<object>>("run")().GetType());
    }

    static Instance Start(ModuleText module) =>
        new Linker().Instantiate(new Store(new StoreLimits { HeapBytes = Budget }), module.Compile());
}

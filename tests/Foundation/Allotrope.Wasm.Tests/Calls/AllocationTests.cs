using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Calls;

/// <summary>The hot paths between host and guest leave nothing for the garbage collector.</summary>
public sealed class AllocationTests
{
    const int Calls = 1_000;

    [Fact]
    public void A_typed_call_allocates_nothing()
    {
        var module = new ModuleText().Function("add", "i32,i64->i64", "local.get 0 i64.extend_i32_s local.get 1 i64.add");
        var add = Start(module).GetFunction<Func<int, long, long>>("add");
        Assert.Equal(0, Allocated(() => add(1, 2)));
    }

    [Fact]
    public void A_host_call_allocates_nothing()
    {
        var linker = new Linker().Define("host", "add", (int a, double b) => a + b);
        var module = new ModuleText().Import("host", "add", "i32,f64->f64").Function("run", "->f64", "i32.const 1 f64.const 2 call 0");
        var run = Start(module, linker).GetFunction<Func<double>>("run");
        Assert.Equal(0, Allocated(() => run()));
    }

    [Fact]
    public void An_indirect_call_allocates_nothing()
    {
        var run = Start(new ModuleText().Table(1).Elements(0, 0).Function(null, "i32->i32", "local.get 0")
            .Function("run", "->i32", "i32.const 3 i32.const 0 call_indirect i32->i32")).GetFunction<Func<int>>("run");
        Assert.Equal(0, Allocated(() => run()));
    }

    [Fact]
    public void An_untyped_call_allocates_nothing()
    {
        var function = Start(new ModuleText().Function("f", "i32->i32", "local.get 0")).GetFunction("f");
        Value[] arguments = [Value.FromInt32(5)], results = new Value[1];
        Assert.Equal(0, Allocated(() => function.Invoke(arguments, results)));
    }

    static long Allocated(Action call)
    {
        for (var i = 0; i < Calls; i++) call(); // until everything is compiled and the tiers have settled
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++) call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static Instance Start(ModuleText module, Linker? linker = null) => (linker ?? new Linker()).Instantiate(new Store(), module.Compile());
}

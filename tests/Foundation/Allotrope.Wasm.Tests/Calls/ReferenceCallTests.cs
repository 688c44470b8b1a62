using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Calls;

/// <summary>Functions as values of their own type.</summary>
public sealed class ReferenceCallTests
{
    [Fact]
    public void The_host_gives_a_function_where_its_type_is_wanted()
    {
        var run = Start(new ModuleText().Types("i32->i32").Function("run", "ref:0,i32->i32", "local.get 1 local.get 0 call_ref 0")).GetFunction("run");
        var typed = run.AsDelegate<Func<Function, int, int>>();
        Assert.Equal(42, typed(Function.FromDelegate((int value) => value + 2), 40));
        Assert.Throws<InvalidOperationException>(() => typed(Function.FromDelegate((long value) => value), 40));
        Assert.Throws<InvalidOperationException>(() => typed(null!, 40));
        var results = new Value[1];
        run.Invoke([Value.FromFunction(Function.FromDelegate((int value) => value * 2)), 4], results);
        Assert.Equal(8, results[0].AsInt32());
        Assert.Throws<InvalidOperationException>(() => run.Invoke([Value.FromFunction(null), 4], results));
        Assert.Throws<InvalidOperationException>(() => run.Invoke([Value.FromObject("no function"), 4], results));
    }

    [Fact]
    public void A_function_of_another_store_is_not_called()
    {
        var other = new Store();
        var stray = new Linker().Instantiate(other, new ModuleText().Memory(1).Function("f", "->i32", "i32.const 0 i32.load").Compile()).GetFunction("f");
        other.Dispose();
        var run = Start(new ModuleText().Types("->i32").Function("run", "null:0->i32", "local.get 0 call_ref 0")).GetFunction<Func<Function, int>>("run");
        Assert.Contains("another store", Assert.Throws<InvalidOperationException>(() => run(stray)).Message);
    }

    [Fact]
    public void A_call_through_null_traps()
    {
        var run = Start(new ModuleText().Types("->").Function("run", "null:0->", "local.get 0 call_ref 0")).GetFunction<Action<Function?>>("run");
        Assert.Equal(TrapKind.NullReference, Assert.Throws<Trap>(() => run(null)).Kind);
    }

    static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile());
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Calls;

public sealed class CallTests
{
    [Fact]
    public void A_guest_is_called_like_any_delegate()
    {
        var add = Start(new ModuleText().Function("add", "i32,i64,f32,f64->f64", """
            local.get 0 f64.convert_i32_s local.get 1 f64.convert_i64_s f64.add local.get 2 f64.promote_f32 f64.add local.get 3 f64.add
            """)).GetFunction<Func<int, long, float, double, double>>("add");
        Assert.Equal(1 + 2 + 0.5 + 0.25, add(1, 2, 0.5f, 0.25));
    }

    [Fact]
    public void Several_results_come_as_a_tuple()
    {
        var module = new ModuleText().Function("swap", "i32,i64->i64,i32", "local.get 1 local.get 0");
        var swap = Start(module).GetFunction<Func<int, long, (long, int)>>("swap");
        Assert.Equal((2L, 1), swap(1, 2));
    }

    [Fact]
    public void The_host_may_return_several_results()
    {
        var module = new ModuleText().Import("host", "divide", "i32,i32->i32,i32").Function("run", "i32,i32->i32", "local.get 0 local.get 1 call 0 i32.sub");
        var divide = Start(module, new Linker().Define("host", "divide", (int a, int b) => Math.DivRem(a, b))).GetFunction<Func<int, int, int>>("run");
        Assert.Equal(17 / 5 - 17 % 5, divide(17, 5));
    }

    [Fact]
    public void A_host_function_that_wants_to_know_gets_the_calling_instance()
    {
        Instance? caller = null;
        var linker = new Linker().Define("host", "who", (Instance instance, int value) =>
        {
            caller = instance;
            return value + 1;
        });
        var instance = Start(new ModuleText().Import("host", "who", "i32->i32").Function("run", "->i32", "i32.const 41 call 0"), linker);
        Assert.Equal(42, instance.GetFunction<Func<int>>("run")());
        Assert.Same(instance, caller);
    }

    [Fact]
    public void An_untyped_call_takes_and_gives_values()
    {
        var function = Start(new ModuleText().Function("f", "i32,f64->f64,i32", "local.get 1 local.get 0")).GetFunction("f");
        var results = new Value[2];
        function.Invoke([1, 2.5], results);
        Assert.Equal([2.5, 1], results);
    }

    [Fact]
    public void An_untyped_call_with_wrong_arguments_is_refused()
    {
        var function = Start(new ModuleText().Function("f", "i32->i32", "local.get 0")).GetFunction("f");
        Assert.ThrowsAny<ArgumentException>(() => function.Invoke([], new Value[1]));
        Assert.ThrowsAny<ArgumentException>(() => function.Invoke([1], []));
        Assert.ThrowsAny<Exception>(() => function.Invoke([1L], new Value[1]));
    }

    [Fact]
    public void A_delegate_of_another_signature_is_refused()
    {
        var instance = Start(new ModuleText().Function("f", "i32->i32", "local.get 0"));
        Assert.Throws<ArgumentException>(() => instance.GetFunction<Func<long, int>>("f"));
        Assert.Throws<ArgumentException>(() => instance.GetFunction<Action<int>>("f"));
        Assert.Throws<KeyNotFoundException>(() => instance.GetFunction<Action>("g"));
    }

    [Fact]
    public void What_the_host_throws_reaches_the_hosts_caller_through_the_guest()
    {
        var linker = new Linker().Define("host", "fail", () => { throw new TimeoutException("the host's own"); });
        var run = Start(new ModuleText().Import("host", "fail", "->").Function("run", "->", "call 0"), linker).GetFunction<Action>("run");
        Assert.Equal("the host's own", Assert.Throws<TimeoutException>(run).Message);
    }

    [Fact]
    public void The_host_may_call_back_into_the_guest()
    {
        Instance? instance = null;
        var linker = new Linker().Define("host", "factorial", (int n) => instance!.GetFunction<Func<int, int>>("factorial")(n));
        instance = Start(new ModuleText().Import("host", "factorial", "i32->i32").Function("factorial", "i32->i32", """
            local.get 0 i32.eqz if i32 i32.const 1 else local.get 0 local.get 0 i32.const 1 i32.sub call 0 i32.mul end
            """), linker);
        Assert.Equal(3_628_800, instance.GetFunction<Func<int, int>>("factorial")(10));
    }

    static Instance Start(ModuleText module, Linker? linker = null) => (linker ?? new Linker()).Instantiate(new Store(), module.Compile());
}

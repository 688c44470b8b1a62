using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Calls;

/// <summary>A tail call takes its caller's place, so chains of any length run in constant stack, and can be stopped like loops.</summary>
public sealed class TailCallTests
{
    /// <summary>More than would fit the default stack by far, at the smallest frame there is.</summary>
    const int Many = 300_000;

    const string CountDown = "local.get 0 i32.eqz if local.get 0 return end local.get 0 i32.const 1 i32.sub";

    [Theory]
    [InlineData("return_call 0")]
    [InlineData("i32.const 0 return_call_indirect i32->i32")]
    [InlineData("ref.func 0 return_call_ref i32->i32")]
    [InlineData("return_call 1")]
    public void A_long_chain_runs_in_constant_stack(string next)
    {
        var module = new ModuleText().Table(1).Elements(0, 0).Function("run", "i32->i32", $"{CountDown} {next}")
            .Function(null, "i32->i32", "local.get 0 return_call 0");
        Assert.Equal(0, Start(module).GetFunction<Func<int, int>>("run")(Many));
    }

    /// <summary>Arguments beyond the registers are the caller's to make room for: a callee with more of them takes another way.</summary>
    [Fact]
    public void So_does_one_between_functions_with_few_and_with_many_parameters()
    {
        var module = new ModuleText()
            .Function("run", "i32->i32", $"{CountDown} i64.const 1 i64.const 2 i64.const 3 i64.const 4 i64.const 5 i64.const 6 f64.const 7 i64.const 8 return_call 1")
            .Function(null, "i32,i64,i64,i64,i64,i64,i64,f64,i64->i32", "local.get 0 return_call 0");
        Assert.Equal(0, Start(module).GetFunction<Func<int, int>>("run")(Many));
    }

    [Fact]
    public void So_does_one_between_functions_with_large_frames()
    {
        var locals = string.Join(',', Enumerable.Repeat("i64", 5_000));
        var module = new ModuleText()
            .Function("run", "i32->i32", $"{CountDown} return_call 1", locals)
            .Function(null, "i32->i32", "local.get 0 return_call 0", locals);
        Assert.Equal(0, Start(module).GetFunction<Func<int, int>>("run")(3_000));
    }

    /// <summary>Beyond 60,000 bytes of IL the just-in-time compiler does not optimise.</summary>
    [Fact]
    public void So_does_one_of_a_function_too_large_to_be_optimised()
    {
        var much = string.Concat(Enumerable.Repeat("local.get 0 i32.const 3 i32.mul local.set 1 ", 12_000));
        var module = new ModuleText().Function("run", "i32->i32", $"{CountDown} return_call 1")
            .Function(null, "i32->i32", $"local.get 0 i32.const -1 i32.eq if {much} end local.get 0 return_call 0", "i32");
        Assert.Equal(0, Start(module).GetFunction<Func<int, int>>("run")(Many));
    }

    [Fact]
    public void So_does_one_with_several_results()
    {
        var module = new ModuleText()
            .Function("run", "i32->i32,i64,f64", "local.get 0 i32.eqz if i32.const 1 i64.const 2 f64.const 3 return end local.get 0 i32.const 1 i32.sub return_call 0");
        Assert.Equal((1, 2L, 3d), Start(module).GetFunction<Func<int, (int, long, double)>>("run")(Many));
    }

    [Fact]
    public void A_host_function_can_be_the_last_of_a_chain()
    {
        var module = new ModuleText().Import("env", "twice", "i32->i32").Function("run", "i32->i32", "local.get 0 return_call 0");
        var instance = new Linker().Define("env", "twice", (int value) => value * 2).Instantiate(new Store(), module.Compile());
        Assert.Equal(42, instance.GetFunction<Func<int, int>>("run")(21));
    }

    /// <summary>A call of itself becomes a loop when it is compiled.</summary>
    [Theory]
    [InlineData("return_call 2")]
    [InlineData("return_call 3")]
    [InlineData("i32.const 0 return_call_indirect ->")]
    public async Task An_endless_chain_is_interrupted(string endless)
    {
        var entered = new TaskCompletionSource();
        var store = new Store();
        var module = new ModuleText().Import("env", "entered", "->").Function("run", "->", "call 0 return_call 2")
            .Table(1).Elements(0, 2).Function(null, "->", endless).Function(null, "->", "return_call 2");
        var run = new Linker().Define("env", "entered", () => entered.SetResult()).Instantiate(store, module.Compile()).GetFunction<Action>("run");
        var running = Task.Run(run, TestContext.Current.CancellationToken);
        await entered.Task;
        store.Interrupt();
        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => running)).Kind);
    }

    [Fact]
    public void An_endless_chain_runs_out_of_fuel()
    {
        var store = new Store { Fuel = 10_000 };
        var module = new ModuleText().Function("run", "->", "return_call 0").Compile(new CompileOptions { Fuel = true });
        var run = new Linker().Instantiate(store, module).GetFunction<Action>("run");
        Assert.Equal(TrapKind.FuelExhausted, Assert.Throws<Trap>(run).Kind);
    }

    /// <summary>A function that calls for good has left its protected regions, whoever it calls.</summary>
    [Theory]
    [InlineData("return_call 0")]
    [InlineData("i32.const 0 return_call_indirect ->")]
    [InlineData("ref.func 0 return_call_ref ->")]
    public void What_the_last_function_throws_is_not_for_the_one_that_called_it(string next)
    {
        var tag = new Tag();
        var module = new ModuleText().Import("host", "throw", "->").Table(1).Elements(0, 0)
            .Function("run", "->", $"block try_table catch_all:0 {next} end end");
        var linker = new Linker().Define("host", "throw", void () => throw new GuestException(tag));
        Assert.Throws<GuestException>(Start(module, linker).GetFunction<Action>("run"));
    }

    [Fact]
    public void The_results_of_a_host_function_called_last_find_room()
    {
        var module = new ModuleText().Import("host", "give", "->externref").Function("run", "externref->externref", "return_call 0");
        var linker = new Linker().Define("host", "give", () => (object)"it");
        Assert.Equal("it", Start(module, linker).GetFunction<Func<object, object>>("run")("other"));
    }

    static Instance Start(ModuleText module, Linker? linker = null) => (linker ?? new Linker()).Instantiate(new Store(), module.Compile());
}

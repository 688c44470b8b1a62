using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Exceptions;

/// <summary>Guests that throw without end can be stopped and leave the host as it was.</summary>
public sealed class ExceptionBoundsTests
{
    [Theory]
    [InlineData("loop block try_table catch_all:0 throw 0 end end br 0 end")]
    [InlineData("loop block try_table catch_all:0 block exnref try_table catch_all_ref:0 throw 0 end unreachable end throw_ref end end br 0 end")]
    [InlineData("block try_table catch_all:0 throw 0 end end return_call 1")]
    public async Task A_storm_of_exceptions_is_interrupted(string storm)
    {
        var entered = new TaskCompletionSource();
        var store = new Store();
        var module = new ModuleText().Import("env", "entered", "->").Tag("->").Function(null, "->", storm).Function("run", "->", "call 0 call 1");
        var run = new Linker().Define("env", "entered", () => entered.SetResult()).Instantiate(store, module.Compile()).GetFunction<Action>("run");
        var running = Task.Run(run, TestContext.Current.CancellationToken);
        await entered.Task;
        store.Interrupt();
        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => running)).Kind);
    }

    [Fact]
    public void A_throw_from_the_deepest_call_is_caught_at_the_top()
    {
        var module = new ModuleText().Tag("->").Function("run", "i32->i32", "block try_table catch:0:0 local.get 0 call 1 end end i32.const 42")
            .Function(null, "i32->", "local.get 0 i32.eqz if throw 0 end local.get 0 i32.const 1 i32.sub call 1");
        var run = new Linker().Instantiate(new Store(), module.Compile()).GetFunction<Func<int, int>>("run");
        Assert.Equal(42, run(500));
    }

    [Fact]
    public void Endless_recursion_through_blocks_that_catch_traps()
    {
        var module = new ModuleText().Tag("->").Function("run", "->", "block try_table catch_all:0 call 0 end end call 0");
        var run = new Linker().Instantiate(new Store(), module.Compile()).GetFunction<Action>("run");
        for (var again = 0; again < 3; again++) Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(run).Kind);
    }

    [Fact]
    public void Blocks_that_catch_are_bounded_in_number_and_depth()
    {
        Assert.Throws<InvalidModuleException>(() => Nested(201).Compile());
        Assert.Equal(1, Run(Nested(200)));
        var many = string.Concat(Enumerable.Repeat("try_table none end ", 2_501));
        Assert.Throws<InvalidModuleException>(() => new ModuleText().Function("run", "->", many).Compile());
    }

    static ModuleText Nested(int depth) => new ModuleText().Tag("->").Tag("->").Function("run", "->i32",
        $"block {string.Concat(Enumerable.Repeat("try_table catch:1:0 ", depth - 1))} try_table catch:0:{depth - 1} throw 0 end {string.Concat(Enumerable.Repeat("end ", depth - 1))} end i32.const 1");

    static int Run(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile()).GetFunction<Func<int>>("run")();
}

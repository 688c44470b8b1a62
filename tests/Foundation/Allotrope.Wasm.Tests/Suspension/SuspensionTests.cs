using System.Runtime.Intrinsics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>A guest whose host function waits leaves the thread and goes on where it was.</summary>
public sealed class SuspensionTests
{
    readonly Waits _host = new();

    [Fact]
    public async Task A_guest_goes_on_with_what_the_host_gave()
    {
        var run = _host.Start(Waits.Guest().Function("run", "i32->i32", "local.get 0 call 0 i32.const 1 i32.add"))
            .GetFunction<Func<int, ValueTask<int>>>("run");
        var task = run(5);
        Assert.False(task.IsCompleted);
        _host.Answer(41);
        Assert.Equal(42, await task);
        Assert.Equal([5], _host.Asked);
    }

    [Fact]
    public async Task A_loop_keeps_its_variables()
    {
        var task = Run("i32->i32", """
            loop
              local.get 1 local.get 0 call 0 i32.add local.set 1
              local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0
            end
            local.get 1
            """, "i32").InvokeAsync(new Value[] { 4 }, _results);
        for (var i = 0; i < 4; i++) _host.Answer(10 << (4 * i));
        await task;
        Assert.Equal([10 + 160 + 2_560 + 40_960], _results);
        Assert.Equal([4, 3, 2, 1], _host.Asked);
    }

    readonly Value[] _results = new Value[1];

    [Fact]
    public async Task Operands_below_a_call_are_kept_in_their_order()
    {
        var task = Run("i32->i32", """
            i32.const 1000 local.get 0 i32.const 7 i32.mul i32.const 3 call 0 i32.const 4 call 0 i32.sub i32.sub i32.sub
            """).InvokeAsync(new Value[] { 2 }, _results);
        _host.Answer(50);
        _host.Answer(8);
        await task;
        Assert.Equal([1_000 - (14 - (50 - 8))], _results);
    }

    [Fact]
    public async Task An_operand_that_stands_for_a_local_keeps_the_value_it_had()
    {
        var task = Run("i32->i32", "local.get 0 i32.const 9 call 0 local.set 0 local.get 0 i32.sub").InvokeAsync(new Value[] { 100 }, _results);
        _host.Answer(1);
        await task;
        Assert.Equal([99], _results);
    }

    [Fact]
    public async Task All_types_of_locals_and_operands_are_kept()
    {
        var instance = _host.Start(Waits.Guest().Function("run", "i32,i64,f32,f64,v128,externref,funcref->i32,i64,f32,f64,v128,externref,funcref", """
            local.get 0 i32.const 1 i32.add
            local.get 1 i64.const 1 i64.add
            local.get 2 f32.const 1 f32.add
            local.get 3 f64.const 1 f64.add
            local.get 4
            call 1
            local.get 5 local.get 6
            """));
        var (thing, function) = (new object(), instance.GetFunction("run"));
        var vector = Vector128.Create(1L, -2).AsByte();
        var results = new Value[7];
        var task = function.InvokeAsync(
            new Value[] { 1, 2L, 3f, 4d, Value.FromVector128(vector), Value.FromObject(thing), Value.FromFunction(function) }, results);
        _host.Answer(0);
        await task;
        Assert.Equal([2, 3L, 4f, 5d, Value.FromVector128(vector), Value.FromObject(thing), Value.FromFunction(function)], results);
    }

    [Fact]
    public async Task Several_results_of_a_suspended_function_arrive()
    {
        var pair = _host.Start(Waits.Guest()
            .Function(null, "->i32,i64,f64", "i32.const 1 call 0 i64.const 2 f64.const 3")
            .Function("run", "->i32,i64", "call 3 drop")).GetFunction<Func<ValueTask<(int, long)>>>("run");
        var task = pair();
        _host.Answer(17);
        Assert.Equal((17, 2L), await task);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task A_recursion_is_suspended_at_every_depth(int depth)
    {
        var task = Run("i32->i32", """
            local.get 0 i32.eqz if i32 i32.const 0 call 0 else
              local.get 0 i32.const 1 i32.sub call 3
              local.get 0 call 0 i32.add
            end
            """).InvokeAsync(new Value[] { depth }, _results);
        for (var i = 0; i <= depth; i++) _host.Answer(i);
        await task;
        Assert.Equal([depth * (depth + 1) / 2], _results);
        Assert.Equal(Enumerable.Range(0, depth + 1), _host.Asked);
    }

    [Fact]
    public async Task Calls_through_tables_and_references_are_suspended()
    {
        var instance = _host.Start(Waits.Guest().Table(2).Elements(0, 3, 0)
            .Function(null, "i32->i32", "local.get 0 i32.const 1 i32.add call 0")
            .Function("run", "->i32", "i32.const 10 i32.const 0 call_indirect i32->i32 i32.const 20 i32.const 1 call_indirect i32->i32 i32.add i32.const 30 ref.func 3 call_ref i32->i32 i32.add"));
        var task = instance.GetFunction("run").InvokeAsync(default, _results);
        foreach (var answer in new[] { 1, 2, 4 }) _host.Answer(answer);
        await task;
        Assert.Equal([7], _results);
        Assert.Equal([11, 20, 31], _host.Asked);
    }

    [Fact]
    public async Task A_tail_call_is_suspended_in_its_callers_place()
    {
        var task = _host.Start(Waits.Guest()
            .Function(null, "i32->i32", "local.get 0 call 0 return_call 4")
            .Function(null, "i32->i32", "local.get 0 i32.const 1 i32.add return_call 0")
            .Function("run", "->i32", "i32.const 1 call 3 i32.const 100 i32.add")).GetFunction("run").InvokeAsync(default, _results);
        _host.Answer(5);
        _host.Answer(7);
        await task;
        Assert.Equal([107], _results);
        Assert.Equal([1, 6], _host.Asked);
    }

    [Fact]
    public async Task A_memory_that_grew_meanwhile_is_seen()
    {
        var instance = _host.Start(Waits.Guest().Memory(1, 4, export: "memory").Function("run", "->i32", "call 1 i32.const 65536 i32.load memory.size i32.add"));
        var task = instance.GetFunction("run").InvokeAsync(default, _results);
        Assert.True(instance.GetMemory("memory").TryGrow(1));
        instance.GetMemory("memory").Span[65_536] = 40;
        _host.Answer(0);
        await task;
        Assert.Equal([42], _results);
    }

    [Fact]
    public async Task A_trap_after_a_wait_names_all_functions()
    {
        var task = _host.Start(Waits.Guest()
            .Function(null, "->", "call 1 unreachable")
            .Function(null, "->", "call 3")
            .Function("run", "->", "call 4")).GetFunction<Func<ValueTask>>("run")();
        _host.Answer(0);
        var trap = await Assert.ThrowsAsync<Trap>(async () => await task);
        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Equal([3, 4, 5], trap.WasmStack.Select(frame => frame.FunctionIndex));
    }

    [Fact]
    public async Task A_failed_or_cancelled_wait_is_what_the_caller_gets_and_the_guest_can_be_called_again()
    {
        var run = _host.Start(Waits.Guest().Global(ValueKind.I32, "i32.const 0", mutable: true)
            .Function("run", "->i32", "global.get 0 i32.const 1 i32.add global.set 0 call 1 global.get 0")).GetFunction<Func<ValueTask<int>>>("run");
        var failed = run().AsTask();
        _host.Fail(new InvalidOperationException("no"));
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => failed)).Message);
        var cancelled = run().AsTask();
        _host.Cancel();
        await Assert.ThrowsAsync<TaskCanceledException>(() => cancelled);
        var good = run();
        _host.Answer(0);
        Assert.Equal(3, await good);
    }

    [Fact]
    public async Task Two_guests_interleave_on_one_thread()
    {
        var guest = Waits.Guest().Function("run", "i32->i32", "local.get 0 call 0 call 0 call 0");
        var (one, two) = (_host.Start(guest).GetFunction<Func<int, ValueTask<int>>>("run"), _host.Start(guest).GetFunction<Func<int, ValueTask<int>>>("run"));
        var (first, second) = (one(1).AsTask(), two(2).AsTask());
        foreach (var answer in new[] { 11, 21, 12, 22, 13, 23 }) _host.Answer(answer);
        Assert.Equal((13, 23), (await first, await second));
        Assert.Equal([1, 2, 11, 21, 12, 22], _host.Asked);
    }

    [Fact]
    public async Task A_function_is_suspended_within_blocks_that_catch()
    {
        var task = Run("i32->i32", """
            block
              try_table catch_all:0
                i32.const 1 call 0 local.set 0
                block try_table catch:0:0
                  i32.const 2 call 0 local.get 0 i32.add local.set 0
                  throw 0
                end end
                local.get 0 i32.const 3 call 0 i32.add local.set 0
                throw 0
              end
            end
            local.get 0 i32.const 4 call 0 i32.add
            """, configure: guest => guest.Tag("->")).InvokeAsync(new Value[] { 0 }, _results);
        foreach (var answer in new[] { 1, 10, 100, 1_000 }) _host.Answer(answer);
        await task;
        Assert.Equal([1_111], _results);
        Assert.Equal([1, 2, 3, 4], _host.Asked);
    }

    [Fact]
    public async Task A_suspended_function_catches_what_the_one_it_called_throws_later()
    {
        var task = _host.Start(Waits.Guest().Tag("i32->")
            .Function(null, "->", "i32.const 1 call 0 throw 0")
            .Function(null, "->", "call 3")
            .Function("run", "->i32", "block i32 try_table catch:0:0 call 4 end i32.const 0 end i32.const 2 call 0 i32.add"))
            .GetFunction("run").InvokeAsync(default, _results);
        _host.Answer(40);
        _host.Answer(2);
        await task;
        Assert.Equal([42], _results);
    }

    [Fact]
    public async Task A_host_function_may_call_the_guest_before_it_waits()
    {
        Instance? instance = null;
        var ready = new TaskCompletionSource();
        _host.Linker.Define("host", "rest", async ValueTask () =>
        {
            Assert.Equal(8, instance!.GetFunction<Func<int, int>>("double")(4));
            await ready.Task;
            Assert.Equal(6, instance.GetFunction<Func<int, int>>("double")(3));
        });
        instance = _host.Start(Waits.Guest().Function("double", "i32->i32", "local.get 0 i32.const 2 i32.mul").Function("run", "->i32", "call 1 i32.const 7 call 3"));
        var task = instance.GetFunction("run").InvokeAsync(default, _results);
        ready.SetResult();
        await task;
        Assert.Equal([14], _results);
    }

    [Fact]
    public async Task One_guest_waits_for_another_of_the_same_store()
    {
        var store = new Store();
        var inner = _host.Start(Waits.Guest().Function("inner", "i32->i32", "local.get 0 call 0 i32.const 1 i32.add"), store: store)
            .GetFunction<Func<int, ValueTask<int>>>("inner");
        var linker = new Linker().Define("other", "inner", async ValueTask<int> (int value) => 10 * await inner(value));
        var outer = linker.Instantiate(store, new ModuleText().Import("other", "inner", "i32->i32").Function("run", "->i32", "i32.const 5 call 0 i32.const 3 i32.add")
            .Compile(Waits.Options)).GetFunction<Func<ValueTask<int>>>("run");
        var task = outer();
        Assert.Equal([5], _host.Asked);
        _host.Answer(6);
        Assert.Equal(73, await task);
    }

    [Fact]
    public async Task A_call_from_instance_to_instance_is_suspended_through_both()
    {
        var store = new Store();
        _host.Linker.Define("lib", _host.Start(Waits.Guest().Function("f", "i32->i32", "local.get 0 call 0 i32.const 1 i32.add"), store: store));
        var run = _host.Start(new ModuleText().Import("lib", "f", "i32->i32").Function("run", "->i32", "i32.const 5 call 0 i32.const 2 i32.mul"), store: store)
            .GetFunction<Func<ValueTask<int>>>("run");
        var task = run();
        Assert.False(task.IsCompleted);
        _host.Answer(20);
        Assert.Equal(42, await task);
    }

    Function Run(string signature, string code, string locals = "", Func<ModuleText, ModuleText>? configure = null) =>
        _host.Start((configure ?? (guest => guest))(Waits.Guest()).Function("run", signature, code, locals)).GetFunction("run");
}

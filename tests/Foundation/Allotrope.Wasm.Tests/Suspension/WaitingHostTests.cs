using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>Host functions that return tasks, whoever waits for them.</summary>
public sealed class WaitingHostTests
{
    static readonly ModuleText Guest = new ModuleText().Import("host", "ask", "i32->i64").Import("host", "rest", "->")
        .Function("run", "i32->i64", "call 1 local.get 0 call 0 i64.const 1 i64.add");

    [Fact]
    public void A_result_that_is_there_is_taken_without_allocating()
    {
        var run = Start((_, value) => new ValueTask<long>(value * 2), () => default).GetFunction<Func<int, long>>("run");
        Assert.Equal(0, Allocated(() => run(20)));
        Assert.Equal(41, run(20));
    }

    [Fact]
    public async Task A_call_that_never_waits_gives_its_task_without_allocating()
    {
        var run = Start((_, value) => new ValueTask<long>(value * 2), () => default).GetFunction<Func<int, ValueTask<long>>>("run");
        Assert.Equal(0, Allocated(() => Check(run(20))));
        Assert.Equal(41, await run(20));
    }

    [Fact]
    public void A_call_without_a_task_waits_for_the_host()
    {
        var asked = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Start((_, _) =>
        {
            ThreadPool.UnsafeQueueUserWorkItem(static asked => asked.SetResult(7), asked, preferLocal: false);
            return new ValueTask<long>(asked.Task);
        }, () => default).GetFunction<Func<int, long>>("run");
        Assert.Equal(8, run(0));
    }

    [Fact]
    public void The_instance_that_calls_is_known()
    {
        Instance? caller = null;
        var instance = Start((from, _) =>
        {
            caller = from;
            return new ValueTask<long>(1);
        }, () => default);
        instance.GetFunction<Func<int, long>>("run")(0);
        Assert.Same(instance, caller);
    }

    [Fact]
    public async Task What_the_host_throws_is_what_its_caller_gets()
    {
        var instance = Start((_, _) => Broken(), () => default);
        Assert.Throws<NullReferenceException>(() => instance.GetFunction<Func<int, long>>("run")(0));
        await Assert.ThrowsAsync<NullReferenceException>(async () => await instance.GetFunction<Func<int, ValueTask<long>>>("run")(0));
    }

    [Fact]
    public async Task A_trap_is_in_the_task()
    {
        var instance = new Linker().Instantiate(new Store(), new ModuleText().Function("run", "->", "unreachable").Compile());
        var (typed, untyped) = (instance.GetFunction<Func<ValueTask>>("run")().AsTask(), instance.GetFunction("run").InvokeAsync(default, default).AsTask());
        await Assert.ThrowsAsync<Trap>(() => typed);
        await Assert.ThrowsAsync<Trap>(() => untyped);
    }

    [Fact]
    public void An_untyped_call_gives_its_results_at_the_end()
    {
        var results = new Value[1];
        var task = Start((_, value) => new ValueTask<long>(value), () => default).GetFunction("run").InvokeAsync(new Value[] { 5 }, results);
        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal([6L], results);
    }

    [Fact]
    public void A_task_of_what_WebAssembly_has_no_type_for_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Linker().Define("host", "ask", () => new ValueTask<string>("")));

    static void Check(ValueTask<long> task) => Assert.True(task.IsCompletedSuccessfully);

    static async ValueTask<long> Broken()
    {
        await Task.Yield();
        return ((string)null!).Length;
    }

    static long Allocated(Action call)
    {
        for (var i = 0; i < 1_000; i++) call();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static Instance Start(Func<Instance, int, ValueTask<long>> ask, Func<ValueTask> rest) =>
        new Linker().Define("host", "ask", ask).Define("host", "rest", rest).Instantiate(new Store(), Guest.Compile());
}

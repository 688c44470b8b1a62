using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

/// <summary>Single instructions that take long can be stopped within, for good and for a while.</summary>
public sealed class LongWorkTests
{
    const int Pages = 512;

    /// <summary>Without a loop or call: seconds of work, that only the instructions themselves can leave.</summary>
    public static TheoryData<string> Straight =>
    [
        Often("i32.const 0 i32.const 7 i32.const 33554432 memory.fill "),
        Often("i32.const 1 i32.const 0 i32.const 33554431 memory.copy "),
        Often("i32.const 0 i32.const 1 i32.const 33554431 memory.copy "),
        Often("i32.const 0 ref.null funcref i32.const 1000000 table.fill 0 "),
        Often("i32.const 1 i32.const 0 i32.const 999999 table.copy 0 0 "),
        Often("i32.const 30000000 array.new_default 0 drop "),
        Often("i32.const 7 i32.const 30000000 array.new 0 drop "),
    ];

    [Theory]
    [MemberData(nameof(Straight))]
    public async Task Work_on_a_range_is_interrupted(string code)
    {
        var guest = Start(code);
        await guest.Entered;
        guest.Store.Interrupt();
        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => guest.Running)).Kind);
    }

    [Theory]
    [InlineData("i32.const 1 i32.const 0 i32.const 8000000 memory.copy ")]
    [InlineData("i32.const 0 i32.const 1 i32.const 8000000 memory.copy ")]
    public async Task What_is_copied_with_pauses_is_the_same(string copy)
    {
        var code = string.Concat(Enumerable.Repeat(copy, 30));
        var plain = Start(code);
        await plain.Running;

        var paused = Start(code);
        await paused.Entered;
        for (var i = 0; i < 30 && !paused.Running.IsCompleted; i++)
        {
            await paused.Store.PauseAsync(TestContext.Current.CancellationToken);
            paused.Store.Resume();
        }

        await paused.Running;
        Assert.True(plain.Memory.Span.SequenceEqual(paused.Memory.Span));
    }

    [Fact]
    public async Task A_wait_goes_on_after_a_pause()
    {
        var store = new Store(new StoreLimits { Threads = true });
        var memory = new Memory(store, new Limits(1, 1) { IsShared = true });
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var linker = new Linker().Define("host", "memory", memory).Define("host", "entered", () => { entered.TrySetResult(); });
        var module = new ModuleText().Import("host", "entered", "->").ImportSharedMemory("host", "memory", 1, 1)
            .Function("wait", "->i32", "call 0 i32.const 0 i32.const 0 i64.const -1 atomic:01")
            .Function("notify", "->i32", "i32.const 0 i32.const 1 atomic:00").Compile();
        var wait = linker.Instantiate(store, module).GetFunction<Func<int>>("wait");
        var notify = linker.Instantiate(new Store(new StoreLimits { Threads = true }), module).GetFunction<Func<int>>("notify");
        var waiting = Task.Factory.StartNew(wait, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await entered.Task;

        await store.PauseAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        store.Resume();

        while (notify() == 0) await Task.Yield();
        Assert.Equal(0, await waiting);
    }

    static string Often(string code) => string.Concat(Enumerable.Repeat(code, 2_000));

    sealed record Guest(Store Store, Memory Memory, Task Entered, Task Running);

    static Guest Start(string code)
    {
        var store = new Store();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var module = new ModuleText().Types("array:mut_i8").Import("host", "entered", "->").Memory(Pages, Pages, export: "memory").Table(1_000_000)
            .Bytes(0, [.. Enumerable.Range(0, 60_000).Select(i => (byte)(i * 7))]).Function("work", "->", code).Function("run", "->", "call 0 call 1").Compile();
        var instance = new Linker().Define("host", "entered", () => { entered.TrySetResult(); }).Instantiate(store, module);
        return new(store, instance.GetMemory("memory"), entered.Task, Task.Factory.StartNew(instance.GetFunction<Action>("run"), TaskCreationOptions.LongRunning));
    }
}

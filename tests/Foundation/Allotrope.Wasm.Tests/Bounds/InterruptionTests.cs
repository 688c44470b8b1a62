using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

public sealed class InterruptionTests
{
    const string Forever = "loop br 0 end";

    [Theory]
    [InlineData("loop br 0 end")]
    [InlineData("loop loop i32.const 1 br_if 1 i32.const 1 br_if 0 end end")]
    [InlineData("loop i32.const 0 br_table 0,0 end")]
    [InlineData("loop call 2 br 0 end")]
    public async Task An_endless_guest_stops(string code)
    {
        var guest = Guest(code);
        var running = RunAsync(guest);

        await guest.Entered;
        guest.Store.Interrupt();

        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => running)).Kind);
    }

    [Fact]
    public async Task After_an_interruption_nothing_runs_until_it_is_reset()
    {
        var guest = Guest(Forever);
        var running = RunAsync(guest);
        await guest.Entered;
        guest.Store.Interrupt();
        await Assert.ThrowsAsync<Trap>(() => running);

        var brief = guest.Instance.GetFunction<Func<int>>("short");
        Assert.Equal(TrapKind.Interrupted, Assert.Throws<Trap>(() => brief()).Kind);
        guest.Store.ResetInterrupt();
        Assert.Equal(7, brief());
    }

    [Fact]
    public async Task Only_the_interrupted_store_stops()
    {
        var (one, other) = (Guest(Forever), Guest(Forever));
        one.Store.Interrupt();
        Assert.Equal(7, other.Instance.GetFunction<Func<int>>("short")());
        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => RunAsync(one))).Kind);
    }

    [Fact]
    public async Task A_guest_that_is_inside_the_host_stops_when_it_comes_back()
    {
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new Store();
        var linker = new Linker().Define("host", "wait", () =>
        {
            entered.SetResult();
            leave.Wait();
        });
        var module = new ModuleText().Import("host", "wait", "->").Function("run", "->", "call 0 loop br 0 end").Compile();
        var run = linker.Instantiate(store, module).GetFunction<Action>("run");
        var running = Task.Factory.StartNew(run, TaskCreationOptions.LongRunning);

        await entered.Task;
        store.Interrupt();
        leave.Set();

        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => running)).Kind);
    }

    sealed record Running(Store Store, Instance Instance, Task Entered);

    static Running Guest(string code)
    {
        var store = new Store();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var module = new ModuleText().Import("host", "entered", "->")
            .Function("run", "->", $"call 0 {code}").Function(null, "->", "").Function("short", "->i32", "i32.const 7").Compile();
        return new(store, new Linker().Define("host", "entered", () => { entered.TrySetResult(); }).Instantiate(store, module), entered.Task);
    }

    static Task RunAsync(Running guest) => Task.Factory.StartNew(guest.Instance.GetFunction<Action>("run"), TaskCreationOptions.LongRunning);
}

using System.Runtime.Intrinsics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

/// <summary>A guest that is paused waits where it is, and goes on as if nothing had been.</summary>
public sealed class PauseTests
{
    static readonly CompileOptions[] All =
        [new() { Pausable = true }, new() { Pausable = true, Fuel = true }, new() { Pausable = true, Deterministic = true, Fuel = true }];

    /// <summary>Each adds one to global 0 for ever, in another place, and keeps values of all kinds alive meanwhile.</summary>
    const string Count = "global.get 0 i64.const 1 i64.add global.set 0 ";

    public static TheoryData<string, int> Places =>
        new MatrixTheoryData<string, int>(
            [
                $"loop {Count} br 0 end",
                $"loop {Count} call 1 br 0 end",
                $"loop loop {Count} i32.const 1 br_if 1 i32.const 1 br_if 0 end end",
                $"i64.const 5 i32.const 1 loop i32->i32 {Count} br 0 end drop drop",
                $"{Count} return_call 2",
            ],
            [0, 1, 2]);

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_paused_guest_stands_still_and_goes_on(string code, int options)
    {
        using var guest = new PausedGuest(code, All[options]);
        for (var again = 0; again < 3; again++)
        {
            await guest.Store.PauseAsync(TestContext.Current.CancellationToken);
            var before = guest.Counter;
            Assert.Equal(before, guest.Counter);
            guest.Store.Resume();
            await guest.PassAsync(before);
        }

        guest.Store.Interrupt();
        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => guest.Running)).Kind);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_paused_guest_can_be_interrupted(string code, int options)
    {
        using var guest = new PausedGuest(code, All[options]);
        await guest.Store.PauseAsync(TestContext.Current.CancellationToken);

        guest.Store.Interrupt();

        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(() => guest.Running)).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_is_computed_is_the_same_with_pauses(int options)
    {
        const string mix = "local.get 0 i64.const 6364136223846793005 i64.mul i64.const 1442695040888963407 i64.add local.set 0 ";
        const string floats = "local.get 3 f64.const 1.5 f64.mul f64.const 7 f64.add f64.sqrt local.set 3 ";
        const string vectors = "local.get 4 local.get 4 i32x4.add local.get 0 i64x2.splat v128.xor local.set 4 ";
        const string turn = "local.get 1 i32.const 1 i32.sub local.tee 1 br_if 0 ";
        const string sum = "local.get 0 local.get 3 i64.reinterpret_f64 i64.xor local.get 4 i64x2.extract_lane 0 i64.add local.get 4 i64x2.extract_lane 1 i64.xor";
        var module = new ModuleText().Function("run", "i64,i32->i64", $"loop {mix} {floats} {vectors} {turn} end {sum}", "i32,f64,v128")
            .Compile(All[options]);
        var store = new Store { Fuel = long.MaxValue };
        var run = new Linker().Instantiate(store, module).GetFunction<Func<long, int, long>>("run");
        const int rounds = 20_000_000;
        var expected = run(7, rounds);
        var (used, again) = (long.MaxValue - store.Fuel, store.Fuel);

        var running = Task.Factory.StartNew(() => run(7, rounds), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var pauses = 0; pauses < 50 && !running.IsCompleted; pauses++)
        {
            await store.PauseAsync(TestContext.Current.CancellationToken);
            store.Resume();
        }

        Assert.Equal(expected, await running);
        Assert.Equal(used, again - store.Fuel);
    }

    [Fact]
    public async Task Who_calls_a_paused_store_waits()
    {
        var store = new Store();
        var answer = new Linker().Instantiate(store, new ModuleText().Function("run", "->i32", "i32.const 7").Compile()).GetFunction<Func<int>>("run");
        await store.PauseAsync(TestContext.Current.CancellationToken);

        var calling = Task.Factory.StartNew(answer, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(calling.IsCompleted);
        store.Resume();

        Assert.Equal(7, await calling);
    }

    [Fact]
    public async Task A_guest_that_is_inside_the_host_waits_when_it_comes_back()
    {
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new Store();
        var linker = new Linker().Define("host", "wait", () =>
        {
            entered.SetResult();
            leave.Wait();
        });
        var module = new ModuleText().Import("host", "wait", "->").Function("run", "->i32", "call 0 call 2 i32.const 3").Function(null, "->", "call 3")
            .Function(null, "->", "").Compile();
        var run = linker.Instantiate(store, module).GetFunction<Func<int>>("run");
        var running = Task.Factory.StartNew(run, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await entered.Task;

        var resting = store.PauseAsync(TestContext.Current.CancellationToken);
        Assert.False(resting.IsCompleted);
        leave.Set();
        await resting;
        Assert.False(running.IsCompleted);
        store.Resume();

        Assert.Equal(3, await running);
    }

    [Fact]
    public async Task A_pause_that_is_taken_back_before_the_guest_rests_is_cancelled()
    {
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new Store();
        var linker = new Linker().Define("host", "wait", () =>
        {
            entered.SetResult();
            leave.Wait();
        });
        var run = linker.Instantiate(store, new ModuleText().Import("host", "wait", "->").Function("run", "->", "call 0").Compile()).GetFunction<Action>("run");
        var running = Task.Factory.StartNew(run, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await entered.Task;

        var resting = store.PauseAsync(TestContext.Current.CancellationToken);
        store.Resume();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resting);
        leave.Set();
        await running;
    }
}

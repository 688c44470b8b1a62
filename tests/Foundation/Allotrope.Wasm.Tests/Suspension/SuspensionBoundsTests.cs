using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Caching;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>What a guest may do, and what may be done to it, while it is suspended.</summary>
public sealed class SuspensionBoundsTests
{
    readonly Waits _host = new();

    [Fact]
    public async Task A_guest_that_is_interrupted_while_it_is_suspended_traps_when_it_goes_on()
    {
        var store = new Store();
        var task = _host.Start(Waits.Guest().Function("run", "->", "call 1"), store: store).GetFunction<Func<ValueTask>>("run")();
        store.Interrupt();
        _host.Answer(0);
        Assert.Equal(TrapKind.Interrupted, (await Assert.ThrowsAsync<Trap>(async () => await task)).Kind);
    }

    [Fact]
    public async Task A_store_is_at_rest_while_its_guest_is_suspended_and_a_pause_holds_no_thread()
    {
        var store = new Store();
        var task = _host.Start(Waits.Guest().Function("run", "->i32", "call 1 i32.const 7"), store: store).GetFunction<Func<ValueTask<int>>>("run")().AsTask();
        await store.PauseAsync(TestContext.Current.CancellationToken);
        _host.Answer(0); // comes back to here, though the guest may not go on
        Assert.False(task.IsCompleted);
        store.Resume();
        Assert.Equal(7, await task);
    }

    [Fact]
    public async Task A_guest_whose_store_is_gone_does_not_go_on()
    {
        var store = new Store();
        var task = _host.Start(Waits.Guest().Function("run", "->", "call 1"), store: store).GetFunction<Func<ValueTask>>("run")();
        store.Dispose();
        _host.Answer(0);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await task);
    }

    [Fact]
    public void A_suspended_guest_is_not_captured()
    {
        var instance = _host.Start(Waits.Guest().Function("run", "->", "call 1"));
        var task = instance.GetFunction<Func<ValueTask>>("run")().AsTask();
        Assert.ThrowsAny<InvalidOperationException>(() => Snapshot.Capture(instance));
        _host.Answer(0);
        Assert.True(task.IsCompletedSuccessfully);
        Assert.NotNull(Snapshot.Capture(instance));
    }

    /// <summary>Each answer lets it go one deeper before it waits again, so no thread ever has more than some frames of it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_suspended_counts_as_stack(bool deterministic)
    {
        var store = new Store(new StoreLimits { StackBytes = 64 << 10 });
        var task = _host.Start(Waits.Guest().Function("run", "i32->i32", "local.get 0 call 0 drop local.get 0 call 3 local.get 0 i32.add"),
            Waits.Options with { Deterministic = deterministic }, store).GetFunction<Func<int, ValueTask<int>>>("run")(1).AsTask();
        for (var depth = 0; depth < 100_000 && _host.Open > 0; depth++) _host.Answer(0);
        Assert.Equal(TrapKind.StackExhausted, Assert.IsType<Trap>(task.Exception?.InnerException).Kind);
        Assert.InRange(_host.Asked.Count, 100, 10_000);
    }

    [Fact]
    public async Task Fuel_is_the_same_with_and_without_waiting()
    {
        var guest = Waits.Guest().Function(null, "i32->i32", "local.get 0 call 0 i32.const 3 i32.mul")
            .Function("run", "->i32", "loop local.get 0 i32.const 1 i32.add call 3 local.tee 0 i32.const 50 i32.lt_s br_if 0 end local.get 0", "i32");
        var options = Waits.Options with { Fuel = true };
        var (waiting, plain) = (new Store { Fuel = 10_000 }, new Store { Fuel = 10_000 });
        var task = _host.Start(guest, options, waiting).GetFunction<Func<ValueTask<int>>>("run")().AsTask();
        while (_host.Open > 0) _host.Answer(_host.Asked[^1]);
        var linker = new Linker().Define("host", "ask", (int value) => value).Define("host", "rest", () => { }).Define("host", "say", (int _) => { });
        Assert.Equal(linker.Instantiate(plain, guest.Compile(options)).GetFunction<Func<int>>("run")(), await task);
        Assert.Equal(plain.Fuel, waiting.Fuel);
        Assert.True(plain.Fuel is > 0 and < 10_000);
    }

    [Fact]
    public void A_guest_that_is_suspended_and_forgotten_is_collected()
    {
        var instance = SuspendAndDrop();
        for (var tries = 0; tries < 20 && instance.IsAlive; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(instance.IsAlive);
    }

    [Fact]
    public void A_store_whose_suspended_guest_was_forgotten_can_be_captured()
    {
        var linker = new Linker().Define("host", "never", () => new ValueTask(new TaskCompletionSource().Task));
        var instance = linker.Instantiate(new Store(), new ModuleText().Import("host", "never", "->").Function("run", "->", "call 0").Compile(Waits.Options));
        Forget(instance);
        for (var tries = 0; tries < 20 && instance.Store.Guard.IsRunning; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.NotEmpty(Snapshot.Capture(instance).ToArray());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Forget(Instance instance)
    {
        Assert.False(instance.GetFunction<Func<ValueTask>>("run")().AsTask().IsCompleted);
        Assert.Throws<InvalidOperationException>(() => Snapshot.Capture(instance));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference SuspendAndDrop()
    {
        var host = new Waits();
        var instance = host.Start(Waits.Guest().Function("run", "->", "call 1"));
        var task = instance.GetFunction<Func<ValueTask>>("run")().AsTask();
        Assert.Equal((1, false), (host.Open, task.IsCompleted));
        return new WeakReference(instance);
    }

    /// <summary>Many calls with many variables, which all of them keep by the same code; and a frame that is asked for before it is made.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(5_000)]
    public async Task Large_functions_are_suspended(int variables)
    {
        var numbers = Enumerable.Range(0, variables).ToList();
        var code = string.Concat(numbers.Select(local => $"i32.const {local} local.set {local} "))
            + string.Concat(Enumerable.Range(0, 30).Select(call => $"local.get {call} i32.const {call} call 0 i32.add local.set {call} "))
            + "i32.const 0 " + string.Concat(numbers.Select(local => $"local.get {local} i32.add "));
        var run = _host.Start(Waits.Guest().Function("run", "->i32", code, string.Join(',', numbers.Select(_ => "i32")))).GetFunction<Func<ValueTask<int>>>("run");
        var task = run().AsTask();
        for (var call = 0; call < 30; call++) _host.Answer(1_000_000);
        Assert.Equal((variables * (variables - 1) / 2) + 30_000_000, await task);
    }

    [Fact]
    public async Task Code_from_the_cache_is_suspended_too()
    {
        using var world = new CacheWorld();
        for (var round = 0; round < 2; round++)
        {
            var cache = world.Open();
            var run = _host.Start(Waits.Guest().Function("run", "i32->i32", "local.get 0 call 0 local.get 0 i32.mul"), Waits.Options with { Cache = cache })
                .GetFunction<Func<int, ValueTask<int>>>("run");
            var task = run(6).AsTask();
            Assert.False(task.IsCompleted);
            _host.Answer(7);
            Assert.Equal(42, await task);
            Assert.Equal(round, cache.Hits);
        }
    }

    public static TheoryData<int> Unsuited => [0, 1, 2, 3];

    /// <summary>Not compiled for it, interpreted, another import, or called by code that is not compiled for it.</summary>
    [Theory]
    [MemberData(nameof(Unsuited))]
    public void Where_a_guest_cannot_be_suspended_the_thread_waits(int why)
    {
        var answered = 0;
        var linker = new Linker().Define("host", "ask", async ValueTask<int> (int value) =>
        {
            await Task.Yield();
            answered++;
            return value;
        });
        var store = new Store();
        var module = new ModuleText().Import("host", "ask", "i32->i32").Function("run", "->i32", "i32.const 42 call 0").Compile(why switch
        {
            0 => new(),
            1 => new() { Suspendable = SuspendableImports.All, Tier = Tier.Interpreted },
            2 => new() { Suspendable = SuspendableImports.Of(("host", "other")) },
            _ => Waits.Options,
        });
        var instance = linker.Instantiate(store, module);
        if (why == 3)
        {
            linker.Define("lib", instance);
            instance = linker.Instantiate(store, new ModuleText().Import("lib", "run", "->i32").Function("run", "->i32", "call 0").Compile());
        }

        var task = instance.GetFunction<Func<ValueTask<int>>>("run")().AsTask();
        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(1, answered);
    }

    [Fact]
    public async Task Only_imports_that_are_named_suspend()
    {
        var options = Waits.Options with { Suspendable = SuspendableImports.Of(("host", "rest")) };
        var run = _host.Start(Waits.Guest().Function("run", "->i32", "call 1 i32.const 3"), options).GetFunction<Func<ValueTask<int>>>("run");
        var task = run().AsTask();
        Assert.False(task.IsCompleted);
        _host.Answer(0);
        Assert.Equal(3, await task);
    }
}

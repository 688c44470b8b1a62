using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>Whose turn it is, when the host and guests of one store wait for each other.</summary>
public sealed class TurnTests
{
    readonly Waits _host = new();

    /// <summary>The host's own call of what suspends guests is none of the guest's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_that_the_host_calls_itself_suspends_no_guest(bool typed)
    {
        var linker = new Linker()
            .Define("host", "later", async ValueTask<int> (int value) =>
            {
                await Task.Delay(1);
                return value * 2;
            })
            .Define("host", "now", int (int value, Function later) =>
            {
                if (typed)
                    return later.AsDelegate<Func<int, int>>()(value) + 1;
                var results = new Value[1];
                later.Invoke([value], results);
                return results[0].AsInt32() + 1;
            });
        var instance = linker.Instantiate(new Store(), new ModuleText().Import("host", "later", "i32->i32").Import("host", "now", "i32,funcref->i32")
            .Table(1).Elements(0, 0).Function("run", "i32->i32", "local.get 0 ref.func 0 call 1 i32.const 1000 i32.add").Compile(Waits.Options));
        Assert.Equal(1_041, await instance.GetFunction<Func<int, ValueTask<int>>>("run")(20));
    }

    [Fact]
    public async Task Several_results_without_a_sign_arrive_after_a_wait()
    {
        var wait = new TaskCompletionSource();
        var linker = new Linker().Define("host", "three", async ValueTask<(ulong, uint, ulong)> () =>
        {
            await wait.Task;
            return (1, 2, 3);
        });
        var run = linker.Instantiate(new Store(), new ModuleText().Import("host", "three", "->i64,i32,i64").Function("run", "->i64,i32,i64", "call 0").Compile(Waits.Options))
            .GetFunction<Func<ValueTask<(long, int, long)>>>("run");
        var task = run();
        wait.SetResult();
        Assert.Equal((1, 2, 3), await task);
    }

    [Fact]
    public async Task A_guest_that_waits_for_the_end_of_a_pause_hears_that_its_store_is_gone()
    {
        var store = new Store();
        var task = _host.Start(Waits.Guest().Function("run", "->", "call 1"), store: store).GetFunction<Func<ValueTask>>("run")().AsTask();
        await store.PauseAsync(TestContext.Current.CancellationToken);
        _host.Answer(0);
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    /// <summary>The inner guest's wait ends on another thread while the outer has not left its own yet.</summary>
    [Fact]
    public async Task A_guest_goes_on_when_the_one_that_called_the_host_has_left_its_thread()
    {
        Instance? instance = null;
        var wait = new TaskCompletionSource();
        var linker = new Linker()
            .Define("host", "inner", async ValueTask<int> (int value) =>
            {
                await wait.Task;
                return value * 2;
            })
            .Define("host", "outer", async ValueTask<int> (int value) =>
            {
                var inner = instance!.GetFunction<Func<int, ValueTask<int>>>("inner")(value).AsTask();
                var thread = new Thread(wait.SetResult);
                thread.Start();
                thread.Join();
                return await inner + 1;
            });
        instance = linker.Instantiate(new Store(), new ModuleText().Import("host", "inner", "i32->i32").Import("host", "outer", "i32->i32")
            .Function("inner", "i32->i32", "local.get 0 call 0 i32.const 100 i32.add")
            .Function("run", "i32->i32", "local.get 0 call 1 i32.const 1000 i32.add").Compile(Waits.Options));
        Assert.Equal(1_141, await instance.GetFunction<Func<int, ValueTask<int>>>("run")(20));
    }

    [Fact]
    public async Task Waits_that_end_at_once_on_many_threads_go_on_one_by_one()
    {
        const int Guests = 64;
        using var gate = new Barrier(Guests);
        var linker = new Linker().Define("host", "ask", async ValueTask<int> (int value) =>
        {
            var wait = new TaskCompletionSource();
            new Thread(() =>
            {
                gate.SignalAndWait();
                wait.SetResult();
            }).Start();
            await wait.Task;
            return value;
        });
        var instance = linker.Instantiate(new Store(), new ModuleText().Import("host", "ask", "i32->i32").Memory(1)
            .Function("run", "i32->", """
                local.get 0 call 0 drop i32.const 20000 local.set 0
                loop
                  i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store
                  local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0
                end
                """).Function("sum", "->i32", "i32.const 0 i32.load").Compile(Waits.Options));
        var run = instance.GetFunction<Func<int, ValueTask>>("run");
        await Task.WhenAll(Enumerable.Range(0, Guests).Select(guest => run(guest).AsTask()).ToArray());
        Assert.Equal(Guests * 20_000, instance.GetFunction<Func<int>>("sum")());
    }
}

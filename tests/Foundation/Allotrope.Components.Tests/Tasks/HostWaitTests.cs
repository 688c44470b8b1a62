using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;
using static Allotrope.Components.Tests.Assembly.TaskComponent;

namespace Allotrope.Components.Tests.Tasks;

/// <summary>A guest goes on with something else while a function of the host that it called is not done.</summary>
public sealed class HostWaitTests
{
    readonly List<TaskCompletionSource<uint>> _asked = [];
    readonly TaskCompletionSource _isAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asks the host twice, waits for both answers and gives ten times the one that comes first and the other.</summary>
    static TaskComponent AskingTwice() => new TaskComponent().Import("ask", GivesNumber, "i32->i32").ReturnsNumbers()
        .BuiltIn("new-set", "->i32", 0x1F).BuiltIn("wait", "i32,i32->i32", 0x20, 0, 0).BuiltIn("join", "i32,i32->", 0x23).BuiltIn("drop", "i32->", 0x0D)
        .Function("run", "->", """
            call $new-set local.set 0
            i32.const 16 call $ask i32.const 4 i32.shr_u local.tee 1 local.get 0 call $join
            i32.const 20 call $ask i32.const 4 i32.shr_u local.get 0 call $join
            local.get 0 i32.const 0 call $wait drop
            i32.const 16 i32.const 20 i32.const 0 i32.load local.get 1 i32.eq select i32.load local.set 2
            i32.const 0 i32.load call $drop
            local.get 0 i32.const 0 call $wait drop
            i32.const 0 i32.load call $drop
            local.get 2 i32.const 9 i32.mul i32.const 16 i32.load i32.const 20 i32.load i32.add i32.add call $return
            """, "i32,i32,i32")
        .Export("run");

    /// <summary>Asks the host once and waits in the middle of its code, without the host knowing of threads.</summary>
    static TaskComponent AskingOnce() => new TaskComponent().Import("ask", GivesNumber, "->i32", isAsync: false).ReturnsNumbers()
        .Function("run", "->", "call $ask call $return").Export("run");

    ComponentInstance Instantiate(Store store, TaskComponent component) => new ComponentLinker<int>().Function("ask", () =>
    {
        _asked.Add(new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously));
        _isAsked.TrySetResult();
        return new ValueTask<uint>(_asked[^1].Task);
    }).Instantiate(store, component.Compile(), 0);

    [Fact]
    public async Task Two_answers_are_awaited_at_once_and_come_in_any_order()
    {
        using var store = new Store();
        using var instance = Instantiate(store, AskingTwice());
        var answer = instance.GetFunction<Func<ValueTask<uint>>>("run")();
        Assert.Equal(2, _asked.Count);
        Assert.False(answer.IsCompleted);
        _asked[1].SetResult(7);
        _asked[0].SetResult(5);
        Assert.Contains(await answer, new[] { 75u, 57u }); // both may be there when the guest looks
    }

    [Fact]
    public async Task Calls_of_the_host_are_in_an_instance_at_once()
    {
        using var store = new Store();
        using var instance = Instantiate(store, AskingOnce());
        var run = instance.GetFunction<Func<ValueTask<uint>>>("run");
        var first = run();
        var second = run();
        Assert.Equal(2, _asked.Count);
        _asked[1].SetResult(2);
        Assert.Equal(2u, await second);
        Assert.False(first.IsCompleted);
        _asked[0].SetResult(1);
        Assert.Equal(1u, await first);
    }

    [Fact]
    public void Calls_without_end_that_nobody_waits_for_end()
    {
        using var store = new Store(new StoreLimits { TableElements = 100_000 });
        var component = new TaskComponent().Import("ask", GivesNumber, "i32->i32").Function("run", "->", "loop i32.const 16 call $ask drop br 0 end").Export("run");
        var trap = Assert.Throws<ComponentTrap>(() => Instantiate(store, component).Invoke("run"));
        Assert.Contains("too many handles", trap.Message);
        Assert.InRange(_asked.Count, 300, 400);
    }

    [Fact]
    public async Task A_guest_goes_on_on_the_thread_that_its_host_chooses()
    {
        var chosen = new TaskCompletionSource<Action>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var store = new Store { Continuing = chosen.SetResult };
        using var instance = Instantiate(store, AskingOnce());
        var answer = instance.GetFunction<Func<ValueTask<uint>>>("run")();
        _asked[0].SetResult(8);
        var goOn = await chosen.Task;
        Assert.False(answer.IsCompleted);
        goOn();
        Assert.True(answer.IsCompleted);
        Assert.Equal(8u, await answer);
    }

    [Fact]
    public async Task The_thread_of_a_host_that_asks_for_a_result_waits()
    {
        using var store = new Store();
        using var instance = Instantiate(store, AskingOnce());
        var call = Task.Factory.StartNew(() => instance.Invoke("run"), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await _isAsked.Task;
        _asked[0].SetResult(3);
        Assert.Equal(3u, await call);
    }

    [Fact]
    public async Task A_call_ends_when_its_instance_traps_in_another()
    {
        using var store = new Store();
        using var instance = Instantiate(store, AskingOnce().Function("fail", "->", "unreachable").Export("fail"));
        var waiting = instance.GetFunction<Func<ValueTask<uint>>>("run")();
        Assert.Throws<Trap>(() => instance.Invoke("fail"));
        var told = await Assert.ThrowsAsync<ComponentTrap>(() => waiting.AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("trapped in another call", told.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_host_fails_with_comes_out_as_it_is_and_the_guest_is_locked(bool goesOn)
    {
        using var store = new Store();
        using var instance = Instantiate(store, goesOn ? AskingTwice() : AskingOnce());
        var run = instance.GetFunction<Func<ValueTask<uint>>>("run");
        var answer = run();
        _asked[0].SetException(new TimeoutException("too late"));
        Assert.Equal("too late", (await Assert.ThrowsAsync<TimeoutException>(answer.AsTask)).Message);
        Assert.Contains("cannot enter", (await Assert.ThrowsAsync<ComponentTrap>(async () => await run())).Message);
    }
}

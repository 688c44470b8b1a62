using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>The host decides where its guests wait and go on.</summary>
public sealed class ChosenThreadTests
{
    readonly Waits _host = new();
    readonly Queue<Action> _ready = [];

    [Fact]
    public async Task A_guest_goes_on_where_and_when_its_host_wants_after_each_wait()
    {
        using var store = new Store { Continuing = _ready.Enqueue };
        var run = _host.Start(Waits.Guest().Function("run", "->i32", "i32.const 1 call 0 i32.const 2 call 0 i32.add"), store: store).GetFunction<Func<ValueTask<int>>>("run");
        var sum = run();
        _host.Answer(30);
        Assert.Equal([1], _host.Asked);
        _ready.Dequeue()();
        Assert.Equal([1, 2], _host.Asked);
        Assert.Empty(_ready);
        _host.Answer(12);
        Assert.False(sum.IsCompleted);
        _ready.Dequeue()();
        Assert.True(sum.IsCompleted);
        Assert.Equal(42, await sum);
    }

    [Fact]
    public async Task A_wait_that_fails_ends_the_guest_where_its_host_wants()
    {
        using var store = new Store { Continuing = _ready.Enqueue };
        var task = _host.Start(Waits.Guest().Function("run", "->", "call 1"), store: store).GetFunction<Func<ValueTask>>("run")().AsTask();
        _host.Fail(new TimeoutException());
        Assert.False(task.IsCompleted);
        _ready.Dequeue()();
        await Assert.ThrowsAsync<TimeoutException>(() => task);
    }

    [Fact]
    public void A_guest_that_cannot_be_suspended_waits_as_its_host_has_it()
    {
        using var store = new Store { Blocking = _ => _host.Answer(7) };
        Assert.Equal(8, _host.Start(Waits.Guest().Function("run", "->i32", "i32.const 1 call 0 i32.const 1 i32.add"), store: store).GetFunction<Func<int>>("run")());
    }

    [Fact]
    public void A_host_that_waits_no_longer_ends_the_guest()
    {
        using var store = new Store { Blocking = _ => throw new TimeoutException() };
        Assert.Throws<TimeoutException>(_host.Start(Waits.Guest().Function("run", "->", "call 1"), store: store).GetFunction<Action>("run"));
    }
}

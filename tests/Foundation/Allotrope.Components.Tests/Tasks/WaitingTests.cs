using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;
using static Allotrope.Components.Tests.Assembly.TaskComponent;

namespace Allotrope.Components.Tests.Tasks;

/// <summary>Who waits for what cannot happen is told, and who waits takes turns in order.</summary>
public sealed class WaitingTests
{
    readonly Store _store = new();

    /// <summary>Waits in the middle of its code for a set in which nothing is.</summary>
    static TaskComponent Stuck() => new TaskComponent().ReturnsNumbers().BuiltIn("new-set", "->i32", 0x1F).BuiltIn("wait", "i32,i32->i32", 0x20, 0, 0)
        .Function("run", "->", "call $new-set i32.const 0 call $wait call $return").Export("run")
        .Function("run-at-once", "->i32", "call $new-set i32.const 0 call $wait").ExportAtOnce("run-at-once");

    [Fact]
    public void Waiting_for_nothing_is_a_deadlock()
    {
        var trap = Assert.Throws<ComponentTrap>(() => Stuck().Instantiate(_store).Invoke("run"));
        Assert.Contains("deadlock", trap.Message);
    }

    [Fact]
    public async Task Waiting_for_nothing_is_a_deadlock_for_a_delegate_too()
    {
        var run = Stuck().Instantiate(_store).GetFunction<Func<ValueTask<uint>>>("run");
        Assert.Contains("deadlock", (await Assert.ThrowsAsync<ComponentTrap>(async () => await run())).Message);
    }

    [Fact]
    public void A_synchronous_function_must_not_wait()
    {
        var trap = Assert.Throws<ComponentTrap>(() => Stuck().Instantiate(_store).Invoke("run-at-once"));
        Assert.Contains("cannot block a synchronous task", trap.Message);
    }

    [Fact]
    public void What_one_trap_leaves_behind_does_not_hold_up_another_instance()
    {
        Assert.Throws<ComponentTrap>(() => Stuck().Instantiate(_store).Invoke("run"));
        Assert.Equal(5u, new TaskComponent().ReturnsNumbers().Function("run", "->", "i32.const 5 call $return").Export("run").Instantiate(_store).Invoke("run"));
    }

    [Fact]
    public void Code_that_is_interpreted_cannot_wait_and_says_so()
    {
        var component = Stuck().Compile(new ComponentOptions { Modules = CompileOptions.Default with { Tier = Tier.Interpreted } });
        var trap = Assert.Throws<ComponentTrap>(() => ComponentInstance.Create(_store, component).Invoke("run"));
        Assert.Contains("cannot wait here", trap.Message);
    }

    [Fact]
    public void A_function_must_give_a_result()
    {
        var trap = Assert.Throws<ComponentTrap>(() => new TaskComponent().Function("run", "->", "nop").Export("run").Instantiate(_store).Invoke("run"));
        Assert.Contains("ended without a result", trap.Message);
    }

    [Fact]
    public void Wrong_arguments_of_the_host_leave_the_instance_as_it_was()
    {
        var component = new TaskComponent().ReturnsNumbers().Function("run", "->i32", "i32.const 5 call $return i32.const 0")
            .Function("run-callback", "i32,i32,i32->i32", "unreachable").Export("run", callback: "run-callback");
        var instance = component.Instantiate(_store);
        Assert.Throws<ArgumentException>(() => instance.Invoke("run", 1));
        Assert.Equal(5u, instance.Invoke("run"));
    }

    /// <summary>Two threads that each note themselves and yield, three times, as decimal digits.</summary>
    [Fact]
    public void Turns_go_round_in_the_order_of_waiting()
    {
        var component = new TaskComponent().ReturnsNumbers().BuiltIn("yield", "->i32", 0x0C, 0).BuiltIn("new-thread", "i32,i32->i32", 0x27, 0, 0).BuiltIn("later", "i32->", 0x28)
            .Function("thread", "i32->", """
                loop
                  global.get 0 i32.const 10 i32.mul local.get 0 i32.add global.set 0
                  call $yield drop
                  local.get 1 i32.const 1 i32.add local.tee 1 i32.const 3 i32.lt_u br_if 0
                end
                """, "i32")
            .Function("run", "->", """
                i32.const 0 i32.const 1 call $new-thread call $later
                i32.const 0 i32.const 2 call $new-thread call $later
                i32.const 3 call $thread
                global.get 0 call $return
                """).Export("run");
        Assert.Equal(312_312_312u, component.Instantiate(_store).Invoke("run"));
    }
}

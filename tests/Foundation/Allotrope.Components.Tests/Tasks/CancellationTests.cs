using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;
using static Allotrope.Components.Tests.Assembly.TaskComponent;

namespace Allotrope.Components.Tests.Tasks;

/// <summary>Who tells a call to end is told how it ended.</summary>
public sealed class CancellationTests
{
    /// <summary>Takes no calls for a while, and then a call that does not look whether it is to end.</summary>
    static TaskComponent Callee() => new TaskComponent().ReturnsNumbers().BuiltIn("yield", "->i32", 0x0C, 0).BuiltIn("inc", "->", 0x24).BuiltIn("dec", "->", 0x25)
        .Function("press", "->i32", "call $inc i32.const 0").ExportAtOnce("press")
        .Function("release", "->i32", "call $dec i32.const 0").ExportAtOnce("release")
        .Function("work", "->", "call $yield drop call $yield drop call $yield drop i32.const 7 call $return").Export("work");

    /// <summary>Has the call begin, of which it is not told, and waits for its end; gives the call's state and a tenth of what it gave.</summary>
    static TaskComponent Caller() => new TaskComponent().ReturnsNumbers().Import("work", GivesNumber, "i32->i32")
        .Import("press", GivesNumberAtOnce, "->i32", isAsync: false).Import("release", GivesNumberAtOnce, "->i32", isAsync: false)
        .BuiltIn("yield", "->i32", 0x0C, 0).BuiltIn("cancel-subtask", "i32->i32", 0x06, 0).BuiltIn("drop-subtask", "i32->", 0x0D)
        .Function("run", "->", """
            call $press drop
            i32.const 16 call $work local.tee 0 i32.const 15 i32.and if unreachable end
            call $release drop
            call $yield drop
            local.get 0 i32.const 4 i32.shr_u local.tee 0 call $cancel-subtask
            local.get 0 call $drop-subtask
            i32.const 16 i32.load i32.const 10 i32.mul i32.add call $return
            """, "i32")
        .Export("run");

    [Fact]
    public void Who_waits_for_a_call_to_end_is_not_told_that_it_has_begun()
    {
        using var store = new Store();
        using var instance = ComponentInstance.Create(store, TaskPair.Compile(Callee(), Caller(), "work", "press", "release"));
        Assert.Equal(72u, instance.Invoke("run"));
    }
}

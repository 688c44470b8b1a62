using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;
using static Allotrope.Components.Tests.Assembly.TaskComponent;

namespace Allotrope.Components.Tests.Hostile;

/// <summary>Guests that ask the functions for waiting and streaming for more than there is, or for what is not theirs, trap.</summary>
public sealed class TaskBoundsTests
{
    readonly Store _store = new(new StoreLimits { TableElements = 100_000 });

    /// <summary>Has streams of 32-bit numbers and everything that can be waited with.</summary>
    static TaskComponent Armed()
    {
        var component = new TaskComponent().ReturnsNumbers();
        var stream = (byte)component.Type(0x66, 1, 0x79);
        var future = (byte)component.Type(0x65, 1, 0x79);
        return component.BuiltIn("new-stream", "->i64", 0x0E, stream).BuiltIn("new-future", "->i64", 0x15, future)
            .BuiltIn("read", "i32,i32,i32->i32", 0x0F, stream, 2, 6, 3, 0).BuiltIn("write", "i32,i32,i32->i32", 0x10, stream, 2, 6, 3, 0)
            .BuiltIn("cancel-read", "i32->i32", 0x11, stream, 1).BuiltIn("drop-readable", "i32->", 0x13, stream).BuiltIn("drop-writable", "i32->", 0x14, stream)
            .BuiltIn("read-future", "i32,i32->i32", 0x16, future, 2, 6, 3, 0)
            .BuiltIn("new-set", "->i32", 0x1F).BuiltIn("wait", "i32,i32->i32", 0x20, 0, 0).BuiltIn("poll", "i32,i32->i32", 0x21, 0, 0).BuiltIn("drop-set", "i32->", 0x22)
            .BuiltIn("join", "i32,i32->", 0x23).BuiltIn("drop-subtask", "i32->", 0x0D).BuiltIn("cancel-subtask", "i32->i32", 0x06, 0)
            .BuiltIn("press", "->", 0x24).BuiltIn("release", "->", 0x25)
            .BuiltIn("new-thread", "i32,i32->i32", 0x27, 0, 0).BuiltIn("later", "i32->", 0x28).BuiltIn("suspend", "->i32", 0x29, 0).BuiltIn("switch", "i32->i32", 0x2A, 0)
            .BuiltIn("yield", "->i32", 0x0C, 0).BuiltIn("cancel", "->", 0x05);
    }

    static string Trap(Store store, string code, Func<TaskComponent, TaskComponent>? with = null)
    {
        var component = (with?.Invoke(Armed()) ?? Armed()).Function("run", "->", $"{code} i32.const 0 call $return", "i64,i32").Export("run");
        return Assert.Throws<ComponentTrap>(() => component.Instantiate(store).Invoke("run")).Message;
    }

    [Theory]
    [InlineData("i32.const 7 i32.const 0 call $wait drop")]
    [InlineData("i32.const -1 i32.const 0 call $poll drop")]
    [InlineData("i32.const 0 call $drop-set")]
    [InlineData("call $new-set call $drop-readable")]
    [InlineData("call $new-set i32.const 0 call $join")]
    [InlineData("call $new-set call $drop-subtask")]
    [InlineData("call $new-set call $cancel-subtask drop")]
    [InlineData("call $new-stream i32.wrap_i64 call $new-set drop call $drop-set")]
    public void A_handle_that_is_none_or_of_another_sort_traps(string code) => Assert.Contains("handle", Trap(_store, code));

    [Theory]
    [InlineData("call $new-stream i32.wrap_i64 call $drop-writable")]
    [InlineData("call $new-stream i32.wrap_i64 i32.const 0 i32.const 0 call $write drop")]
    [InlineData("call $new-stream i32.wrap_i64 i32.const 0 call $read-future drop")]
    [InlineData("call $new-future i32.wrap_i64 i32.const 0 i32.const 0 call $read drop")]
    public void An_end_that_is_another_one_traps(string code) => Assert.Contains("wrong type", Trap(_store, code));

    [Theory]
    [InlineData(0, 1 << 28, "more than")]
    [InlineData(0, -1, "more than")]
    [InlineData(0, (1 << 28) - 1, "out-of-bounds")]
    [InlineData(65_532, 2, "out-of-bounds")]
    [InlineData(-4, 1, "out-of-bounds")]
    [InlineData(2, 1, "unaligned")]
    public void A_buffer_must_be_in_memory(int address, int length, string why) =>
        Assert.Contains(why, Trap(_store, $"call $new-stream i32.wrap_i64 i32.const {address} i32.const {length} call $read drop"));

    [Fact]
    public void An_event_must_be_told_within_memory() =>
        Assert.Contains("out-of-bounds", Trap(_store, "call $new-set i32.const 65532 call $poll drop"));

    [Theory]
    [InlineData("loop call $new-stream drop br 0 end", "too many handles")]
    [InlineData("loop call $new-set drop br 0 end", "too many handles")]
    [InlineData("loop i32.const 0 i32.const 0 call $new-thread drop br 0 end", "too many threads")]
    [InlineData("loop call $press br 0 end", "backpressure")]
    [InlineData("call $release", "backpressure")]
    public void Making_without_end_ends(string code, string why) =>
        Assert.Contains(why, Trap(_store, code, component => component.Function("thread", "i32->", "nop")));

    [Theory]
    [InlineData("i32.const 99 call $later", "unknown thread")]
    [InlineData("i32.const 1 call $later", "not suspended")]
    [InlineData("i32.const 1 call $switch drop", "not suspended")]
    [InlineData("i32.const 0 i32.const 0 call $new-thread local.tee 1 call $later local.get 1 call $later", "not suspended")]
    [InlineData("i32.const 1 i32.const 0 call $new-thread drop", "must be of type")]
    [InlineData("i32.const 63 i32.const 0 call $new-thread drop", "must be of type")]
    public void A_thread_that_is_none_or_not_to_be_resumed_traps(string code, string why) =>
        Assert.Contains(why, Trap(_store, code, component => component.Function("thread", "i32->", "nop").Function("no-thread", "->", "nop")));

    [Fact]
    public void A_table_s_end_is_a_trap() =>
        Assert.Throws<Trap>(() => Armed().Function("run", "->", "i32.const 64 i32.const 0 call $new-thread drop").Export("run").Instantiate(_store).Invoke("run"));

    [Theory]
    [InlineData("call $cancel", "has not been cancelled")]
    [InlineData("i32.const 1 call $return i32.const 1 call $return", "more than once")]
    [InlineData("call $new-stream i32.wrap_i64 call $cancel-read drop", "no read is pending")]
    [InlineData("call $new-stream local.tee 0 i32.wrap_i64 i32.const 0 i32.const 1 call $read drop local.get 0 i32.wrap_i64 call $drop-readable", "busy")]
    [InlineData("call $new-stream local.tee 0 i32.wrap_i64 i32.const 0 i32.const 1 call $read drop local.get 0 i32.wrap_i64 i32.const 0 i32.const 1 call $read drop", "concurrent")]
    public void What_is_out_of_order_traps(string code, string why) => Assert.Contains(why, Trap(_store, code));

    /// <summary>Each of the threads leaves nearly all that a stack may have.</summary>
    [Fact]
    public void What_waiting_threads_leave_on_their_stacks_is_bounded()
    {
        using var store = new Store(new StoreLimits { TableElements = 10_000_000 });
        var wide = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"local.get {i + 1} local.get 0 i64.extend_i32_u i64.add local.set {i + 1}"));
        var read = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"local.get {i + 1} i64.xor"));
        var message = Trap(store, "loop i32.const 0 i32.const 150 call $new-thread call $switch-to br 0 end", component => component
            .Function("thread", "i32->", "local.get 0 call $deep drop")
            .Function("deep", "i32->i64", $"{wide} local.get 0 i32.eqz if call $suspend drop else local.get 0 i32.const 1 i32.sub call $deep drop end i64.const 0 {read}",
                string.Join(',', Enumerable.Repeat("i64", 200)))
            .Function("switch-to", "i32->", "local.get 0 call $later call $yield drop"));
        Assert.Contains("too much on their stacks", message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Yields_without_end_are_interrupted(bool inTheMiddle)
    {
        var turns = 0;
        var component = Armed().Import("turn", GivesNumberAtOnce, "->i32", isAsync: false).Function("run-callback", "i32,i32,i32->i32", "call $turn");
        if (inTheMiddle)
            component.Function("run", "->", "loop call $turn drop call $yield drop br 0 end").Export("run");
        else
            component.Function("run", "->i32", "i32.const 1").Export("run", callback: "run-callback");
        using var instance = new ComponentLinker<int>().Function("turn", () =>
        {
            if (++turns == 1_000)
                _store.Interrupt();
            return 1u;
        }).Instantiate(_store, component.Compile(), 0);
        Assert.Equal(TrapKind.Interrupted, Assert.Throws<Trap>(() => instance.Invoke("run")).Kind);
        Assert.InRange(turns, 1_000, 1_001);
    }
}

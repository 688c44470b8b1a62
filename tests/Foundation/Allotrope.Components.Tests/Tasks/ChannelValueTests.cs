using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;
using static Allotrope.Components.Tests.Assembly.TaskComponent;

namespace Allotrope.Components.Tests.Tasks;

/// <summary>The host passes streams from one instance to another without reading them.</summary>
public sealed class ChannelValueTests
{
    readonly Store _store = new();

    /// <summary>Gives a stream of strings and says what came of writing two to it.</summary>
    static TaskComponent Producer()
    {
        var component = new TaskComponent().ReturnsNumbers();
        var stream = (byte)component.Type(0x66, 1, 0x73);
        var make = component.Type(0x40, 0, 0, stream);
        return component.BuiltIn("new-stream", "->i64", 0x0E, stream).BuiltIn("write", "i32,i32,i32->i32", 0x10, stream, 2, 6, 3, 0)
            .BuiltIn("new-set", "->i32", 0x1F).BuiltIn("poll", "i32,i32->i32", 0x21, 0, 0).BuiltIn("join", "i32,i32->", 0x23)
            .Function("make", "->i32", """
                i32.const 64 i32.const 96 i32.store i32.const 68 i32.const 5 i32.store
                i32.const 72 i32.const 100 i32.store i32.const 76 i32.const 3 i32.store
                i32.const 96 i64.const 121382024012104 i64.store
                call $new-stream local.tee 0 i64.const 32 i64.shr_u i32.wrap_i64 global.set 0
                global.get 0 i32.const 64 i32.const 2 call $write i32.const -1 i32.ne if unreachable end
                local.get 0 i32.wrap_i64
                """, "i64").ExportAtOnce("make", make)
            .Function("told", "->i32", """
                call $new-set local.set 0
                global.get 0 local.get 0 call $join
                local.get 0 i32.const 0 call $poll i32.eqz if i32.const 0 return end
                i32.const 4 i32.load
                """, "i32").ExportAtOnce("told");
    }

    /// <summary>Reads as many strings as there are and gives a number made of the first one's length and the second one's first letter.</summary>
    static TaskComponent Consumer(int? room = null)
    {
        var component = new TaskComponent { Room = room };
        var stream = (byte)component.Type(0x66, 1, 0x73);
        var take = component.Type(0x40, 1, 1, (byte)'s', stream, 0, 0x79);
        return component.BuiltIn("read", "i32,i32,i32->i32", 0x0F, stream, 3, 6, 3, 0, 4, 0).BuiltIn("drop-readable", "i32->", 0x13, stream)
            .Function("take", "i32->i32", """
                local.get 0 i32.const 64 i32.const 9 call $read i32.const 32 i32.ne if unreachable end
                local.get 0 call $drop-readable
                i32.const 68 i32.load i32.const 1000 i32.mul i32.const 72 i32.load i32.load8_u i32.add
                """).ExportAtOnce("take", take);
    }

    [Fact]
    public void Strings_go_from_one_memory_to_the_other()
    {
        using var producer = Producer().Instantiate(_store);
        using var consumer = Consumer().Instantiate(_store);
        var stream = Assert.IsType<ChannelValue>(producer.Invoke("make"));
        Assert.Equal(5_000u + 'e', consumer.Invoke("take", stream));
        Assert.Equal(1u | (2 << 4), producer.Invoke("told")); // dropped after two
        Assert.Throws<ObjectDisposedException>(() => consumer.Invoke("take", stream));
    }

    [Fact]
    public void Who_has_no_room_for_what_it_is_written_traps_and_so_does_who_writes()
    {
        using var producer = Producer().Instantiate(_store);
        using var consumer = Consumer(room: 65_534).Instantiate(_store);
        var stream = producer.Invoke("make");
        Assert.Contains("beyond end of memory", Assert.Throws<ComponentTrap>(() => consumer.Invoke("take", stream)).Message);
        Assert.Contains("cannot enter", Assert.Throws<ComponentTrap>(() => consumer.Invoke("take", stream)).Message);
        Assert.Contains("cannot enter", Assert.Throws<ComponentTrap>(() => producer.Invoke("told")).Message);
    }

    [Fact]
    public void The_writer_is_told_that_the_host_drops_the_stream()
    {
        using var producer = Producer().Instantiate(_store);
        var stream = Assert.IsType<ChannelValue>(producer.Invoke("make"));
        Assert.Equal(0u, producer.Invoke("told"));
        stream.Dispose();
        stream.Dispose();
        Assert.Equal(1u, producer.Invoke("told"));
    }

    [Fact]
    public async Task A_guest_that_waits_for_the_other_end_goes_on_when_the_host_drops_it()
    {
        var component = new TaskComponent();
        var stream = (byte)component.Type(0x66, 1, 0x7D);
        var make = component.Type(0x40, 0, 0, stream);
        component.Import("ask", TaskComponent.GivesNumber, "->i32", isAsync: false).ReturnsNumbers()
            .BuiltIn("new-stream", "->i64", 0x0E, stream).BuiltIn("write", "i32,i32,i32->i32", 0x10, stream, 1, 3, 0)
            .Function("make", "->i32", "call $new-stream local.tee 0 i64.const 32 i64.shr_u i32.wrap_i64 global.set 0 local.get 0 i32.wrap_i64", "i64").ExportAtOnce("make", make)
            .Function("write-all", "->", "global.get 0 i32.const 0 i32.const 4 call $write call $return").Export("write-all")
            .Function("asking", "->", "call $ask call $return").Export("asking");
        var asked = new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var instance = new ComponentLinker<int>().Function("ask", () => new ValueTask<uint>(asked.Task)).Instantiate(_store, component.Compile(), 0);
        var end = Assert.IsType<ChannelValue>(instance.Invoke("make"));
        var asking = instance.GetFunction<Func<ValueTask<uint>>>("asking")(); // somebody waits for the host, so that waiting is no deadlock
        var writing = instance.GetFunction<Func<ValueTask<uint>>>("write-all")();
        Assert.False(writing.IsCompleted);
        end.Dispose();
        Assert.Equal(1u, await writing); // dropped, and nothing written
        Assert.False(asking.IsCompleted);
        asked.SetResult(3);
        Assert.Equal(3u, await asking);
    }

    [Fact]
    public void A_stream_of_something_else_is_refused()
    {
        var component = new TaskComponent();
        var bytes = (byte)component.Type(0x66, 1, 0x7D);
        var make = component.Type(0x40, 0, 0, bytes);
        using var other = component.BuiltIn("new-stream", "->i64", 0x0E, bytes).Function("make", "->i32", "call $new-stream i32.wrap_i64").ExportAtOnce("make", make).Instantiate(_store);
        using var consumer = Consumer().Instantiate(_store);
        var stream = other.Invoke("make");
        Assert.Contains("something else", Assert.Throws<ArgumentException>(() => consumer.Invoke("take", stream)).Message);
    }

    [Fact]
    public void What_was_refused_can_be_given_to_somebody_else()
    {
        using var producer = Producer().Instantiate(_store);
        var component = new TaskComponent().Function("take", "i32->i32", "unreachable");
        var bytes = (byte)component.Type(0x66, 1, 0x7D);
        using var other = component.ExportAtOnce("take", component.Type(0x40, 1, 1, (byte)'s', bytes, 0, 0x79)).Instantiate(_store);
        using var consumer = Consumer().Instantiate(_store);
        var stream = producer.Invoke("make");
        Assert.Throws<ArgumentException>(() => other.Invoke("take", stream));
        Assert.Equal(5_000u + 'e', consumer.Invoke("take", stream));
    }

    [Fact]
    public void A_stream_does_not_leave_its_store()
    {
        using var elsewhere = new Store();
        using var producer = Producer().Instantiate(_store);
        using var consumer = Consumer().Instantiate(elsewhere);
        var stream = producer.Invoke("make");
        Assert.Contains("store or composition", Assert.Throws<ArgumentException>(() => consumer.Invoke("take", stream)).Message);
        Assert.Equal(0u, producer.Invoke("told"));
    }

    [Fact]
    public void A_copy_is_interrupted()
    {
        var component = new TaskComponent();
        var stream = (byte)component.Type(0x66, 1, 0x7F);
        var make = component.Type(0x40, 0, 0, stream);
        using var producer = component.BuiltIn("new-stream", "->i64", 0x0E, stream).BuiltIn("write", "i32,i32,i32->i32", 0x10, stream, 2, 6, 3, 0)
            .Function("make", "->i32", "call $new-stream local.tee 0 i64.const 32 i64.shr_u i32.wrap_i64 i32.const 64 i32.const 1 call $write drop local.get 0 i32.wrap_i64", "i64")
            .ExportAtOnce("make", make).Instantiate(_store);
        component = new TaskComponent().Import("stop", GivesNumberAtOnce, "->i32", isAsync: false);
        stream = (byte)component.Type(0x66, 1, 0x7F);
        var take = component.Type(0x40, 1, 1, (byte)'s', stream, 0, 0x79);
        component.BuiltIn("read", "i32,i32,i32->i32", 0x0F, stream, 2, 6, 3, 0)
            .Function("take", "i32->i32", "call $stop drop local.get 0 i32.const 64 i32.const 9 call $read").ExportAtOnce("take", take);
        using var consumer = new ComponentLinker<int>().Function("stop", () =>
        {
            _store.Interrupt();
            return 1u;
        }).Instantiate(_store, component.Compile(), 0);
        var made = producer.Invoke("make");
        Assert.Equal(TrapKind.Interrupted, Assert.Throws<Trap>(() => consumer.Invoke("take", made)).Kind);
    }

    [Fact]
    public void No_delegate_of_the_host_has_streams_yet()
    {
        using var producer = Producer().Instantiate(_store);
        Assert.Contains("stream", Assert.Throws<LinkException>(() => producer.GetFunction<Func<object>>("make")).Message);
    }
}

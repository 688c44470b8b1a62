using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>Loads, stores, growth and bulk operations.</summary>
public sealed class MemoryTests
{
    const int LastByte = Memory.PageBytes - 1;

    [Theory]
    [InlineData("i32.load8_u", LastByte)]
    [InlineData("i32.load16_u", LastByte - 1)]
    [InlineData("i32.load", LastByte - 3)]
    public void The_last_place_that_fits_can_be_read_and_the_next_cannot(string load, int address)
    {
        var run = Guest.Function<Func<int, int>>("i32->i32", $"local.get 0 {load}");
        Assert.Equal(0, run(address));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => run(address + 1)));
    }

    [Theory]
    [InlineData(-1, 1u)]
    [InlineData(-1, uint.MaxValue)]
    [InlineData(0, uint.MaxValue)]
    [InlineData(int.MinValue, 0x8000_0000u)]
    public void Address_and_offset_do_not_wrap_around(int address, uint offset)
    {
        var load = Guest.Function<Func<int, long>>("i32->i64", $"local.get 0 i64.load offset={offset}");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => load(address)));
    }

    [Fact]
    public void A_check_that_was_passed_does_not_vouch_for_a_place_further_on()
    {
        var run = Guest.Function<Func<int, int>>("i32->i32", "local.get 0 i32.load drop local.get 0 i32.load offset=4");
        Assert.Equal(0, run(LastByte - 7));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => run(LastByte - 3)));
    }

    [Fact]
    public void A_check_that_was_passed_does_not_vouch_for_another_value_of_the_local()
    {
        const string code = "local.get 0 i32.load offset=8 drop local.get 0 i32.const 8 i32.add local.set 0 local.get 0 i32.load offset=8";
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal(0, run(LastByte - 19));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => run(LastByte - 11)));
    }

    [Fact]
    public void A_check_in_one_arm_does_not_vouch_for_the_other()
    {
        const string code = "local.get 0 i32.const 0 i32.ge_s if local.get 0 i32.load drop else local.get 0 i32.load drop end local.get 0 i32.load";
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal(0, run(0));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => run(-8)));
    }

    [Fact]
    public void A_loop_checks_again_in_each_round()
    {
        const string code = "loop local.get 0 i32.load drop local.get 0 i32.const 4096 i32.add local.set 0 br 0 end";
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => Guest.Function<Action<int>>("i32->", code)(0)));
    }

    [Theory]
    [InlineData("i32.load8_s", -1)]
    [InlineData("i32.load8_u", 255)]
    [InlineData("i32.load16_s", -1)]
    [InlineData("i32.load16_u", 65535)]
    public void Narrow_loads_extend_as_they_say(string load, int expected) =>
        Assert.Equal(expected, Guest.Function<Func<int>>("->i32", $"i32.const 0 i32.const -1 i32.store i32.const 0 {load}")());

    [Fact]
    public void Narrow_stores_leave_the_neighbours_alone()
    {
        var instance = Guest.Instance("->", "i32.const 1 i64.const 0 i64.store8 i32.const 4 i64.const 0 i64.store16");
        instance.GetMemory("memory").Span[..8].Fill(0xFF);
        instance.GetFunction<Action>("run")();
        Assert.Equal([0xFF, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF], instance.GetMemory("memory").Span[..8].ToArray());
    }

    [Fact]
    public void New_pages_can_be_used_by_the_function_that_asked_for_them()
    {
        const string code = "i32.const 1 memory.grow drop i32.const 70000 local.get 0 i32.store i32.const 70000 i32.load memory.size i32.add";
        Assert.Equal(44, Guest.Function<Func<int, int>>("i32->i32", code)(42));
    }

    [Fact]
    public void Growth_beyond_the_maximum_changes_nothing()
    {
        var run = Guest.Function<Func<int, int>>("i32->i32", "local.get 0 memory.grow");
        Assert.Equal([-1, 1, -1, 2, -1], new[] { 2, 1, 1, 0, -1 }.Select(run));
    }

    [Fact]
    public void A_copy_may_overlap_itself()
    {
        var instance = Guest.Instance("i32,i32,i32->", "local.get 0 local.get 1 local.get 2 memory.copy");
        "abcdef"u8.CopyTo(instance.GetMemory("memory").Span);
        instance.GetFunction<Action<int, int, int>>("run")(2, 0, 6);
        Assert.Equal("ababcdef"u8, instance.GetMemory("memory").Span[..8]);
    }

    [Theory]
    [InlineData("memory.fill", LastByte, 2)]
    [InlineData("memory.fill", -1, 1)]
    [InlineData("memory.copy", LastByte, 2)]
    [InlineData("memory.copy", 0, -1)]
    public void A_range_that_does_not_fit_traps_and_writes_nothing(string operation, int target, int count)
    {
        var instance = Guest.Instance("i32,i32,i32->", $"local.get 0 local.get 1 local.get 2 {operation}");
        var run = instance.GetFunction<Action<int, int, int>>("run");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => run(target, 1, count)));
        Assert.Equal(0, instance.GetMemory("memory").Read<byte>(LastByte));
    }

    [Fact]
    public void A_span_stays_where_it_is_when_the_memory_grows()
    {
        using var store = new Store();
        var memory = new Memory(store, new Limits(1));
        var before = memory.Span;
        Assert.True(memory.TryGrow(10));
        memory.Write(0, 0x1234);
        Assert.Equal(0x34, before[0]);
    }

    [Fact]
    public void The_memory_of_a_disposed_store_is_refused()
    {
        var instance = Guest.Instance("->i32", "i32.const 0 i32.load");
        var run = instance.GetFunction<Func<int>>("run");
        instance.Store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => instance.GetMemory("memory").ByteLength);
        Assert.Throws<ObjectDisposedException>(() => run());
    }

    [Fact]
    public void A_store_is_not_disposed_under_its_guest()
    {
        var linker = new Linker().Define("env", "dispose", (Instance caller) => caller.Store.Dispose());
        var instance = linker.Instantiate(new Store(), new ModuleText().Import("env", "dispose", "->").Function("run", "->", "call 0").Compile());
        Assert.Throws<InvalidOperationException>(instance.GetFunction<Action>("run"));
    }
}

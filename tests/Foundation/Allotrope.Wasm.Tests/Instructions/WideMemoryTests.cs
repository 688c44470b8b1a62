using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>Memories and tables with 64-bit addresses: sums that wrap around must not come out inside.</summary>
public sealed class WideMemoryTests
{
    const long Page = 65_536;

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(-8, 16)]
    [InlineData(long.MinValue, 0)]
    [InlineData(Page - 7, 0)]
    [InlineData(0, Page - 7)]
    [InlineData(-Page, Page)]
    [InlineData(-Page - 8, 2 * Page)]
    [InlineData(8, ulong.MaxValue - 7)]
    [InlineData(0, ulong.MaxValue)]
    [InlineData(1, long.MaxValue)]
    [InlineData(-(1L << 47), 1L << 47)]
    public void An_access_that_is_not_wholly_inside_traps(long address, ulong offset)
    {
        var load = Start("i64->i64", $"local.get 0 i64.load offset={offset}").GetFunction<Func<long, long>>("run");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => load(address)));
        var store = Start("i64->", $"local.get 0 i64.const 1 i64.store offset={offset}").GetFunction<Action<long>>("run");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => store(address)));
        var constant = Start("->i64", $"i64.const {address} i64.load offset={offset}").GetFunction<Func<long>>("run");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => constant()));
    }

    [Fact]
    public void The_last_bytes_can_be_reached_by_address_and_by_offset()
    {
        var instance = Start("i64->i64", "local.get 0 i64.const 42 i64.store offset=8 i64.const 0 i64.load offset=65528");
        Assert.Equal(42, instance.GetFunction<Func<long, long>>("run")(Page - 16));
    }

    [Fact]
    public void After_a_trap_avoided_further_accesses_by_the_same_local_are_still_checked_where_they_reach_further()
    {
        var run = Start("i64->i64", "local.get 0 i64.load offset=8 local.get 0 i64.load local.get 0 i64.load offset=16 i64.add i64.add")
            .GetFunction<Func<long, long>>("run");
        Assert.Equal(0, run(Page - 24));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => run(Page - 16)));
    }

    [Theory]
    [InlineData("i64.const 1 i32.const 0 i64.const -1 memory.fill")]
    [InlineData("i64.const -1 i32.const 0 i64.const 2 memory.fill")]
    [InlineData("i64.const 0 i64.const 8 i64.const -8 memory.copy")]
    [InlineData("i64.const 0 i64.const -8 i64.const 16 memory.copy")]
    [InlineData("i64.const -1 i32.const 0 i32.const 0 memory.init 0")]
    public void Bulk_operations_do_not_wrap_around(string code)
    {
        var module = new ModuleText().Memory(1, address: ValueKind.I64).DataCount(1).Function("run", "->", code).Passive(1, 2, 3);
        var run = Guest.Start(module).GetFunction<Action>("run");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(run));
    }

    [Fact]
    public void Growing_answers_in_64_bits_and_stays_within_the_stores_limit()
    {
        var store = new Store(new StoreLimits { MemoryPages = 10 });
        var module = new ModuleText().Memory(1, address: ValueKind.I64).Function("run", "i64->i64", "local.get 0 memory.grow").Compile();
        var grow = new Linker().Instantiate(store, module).GetFunction<Func<long, long>>("run");
        Assert.Equal(1, grow(9));
        Assert.Equal(-1, grow(1));
        Assert.Equal(-1, grow(-1));
        Assert.Equal(-1, grow(1L << 48));
        Assert.Equal(10, grow(0));
    }

    [Fact]
    public void Bytes_beyond_4_GiB_are_a_place_of_their_own()
    {
        const uint pages = 65_537;
        var module = new ModuleText().Memory(pages, address: ValueKind.I64)
            .Function("run", "i64->i64", "i64.const 8 i64.const 1 i64.store local.get 0 i64.const 2 i64.store i64.const 8 i64.load").Compile();
        Instance instance;
        using var store = new Store(new StoreLimits { MemoryPages = pages });
        try
        {
            instance = new Linker().Instantiate(store, module);
        }
        catch (LinkException)
        {
            Assert.Skip("The system does not promise 4 GiB.");
            return;
        }
        Assert.Equal(1, instance.GetFunction<Func<long, long>>("run")((1L << 32) + 8));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(1L << 32)]
    public void An_index_beyond_a_table_traps(long index)
    {
        var instance = Guest.Start(new ModuleText().Table(4, address: ValueKind.I64).Function("call", "i64->", "local.get 0 call_indirect ->")
            .Function("get", "i64->funcref", "local.get 0 table.get 0").Function("set", "i64->", "local.get 0 ref.null func table.set 0"));
        Assert.Equal(TrapKind.UndefinedElement, Guest.TrapOf(() => instance.GetFunction<Action<long>>("call")(index)));
        Assert.Equal(TrapKind.TableOutOfBounds, Guest.TrapOf(() => instance.GetFunction<Func<long, Function>>("get")(index)));
        Assert.Equal(TrapKind.TableOutOfBounds, Guest.TrapOf(() => instance.GetFunction<Action<long>>("set")(index)));
    }

    static Instance Start(string signature, string code) =>
        Guest.Start(new ModuleText().Memory(1, address: ValueKind.I64).Function("run", signature, code));
}

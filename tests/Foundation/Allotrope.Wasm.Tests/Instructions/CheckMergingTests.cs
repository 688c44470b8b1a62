using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>One explicit check does for several accesses, and nobody can tell.</summary>
public sealed class CheckMergingTests
{
    const int End = Memory.PageBytes;

    static readonly CompileOptions Explicit = new() { MemoryChecks = MemoryChecks.Explicit };

    [Theory]
    // Loads before a store may be checked with it, but not those after it: the store must be made before they trap.
    [InlineData("local.get 0 i32.load drop local.get 0 i32.const 7 i32.store offset=4 local.get 0 i32.load offset=12 drop", 4, 12)]
    [InlineData("local.get 0 i32.const 7 i32.store local.get 0 i32.load offset=8 drop", 0, 8)]
    [InlineData("local.get 0 i32.load drop local.get 0 i32.const 7 i32.store local.get 0 i32.const 8 i32.store offset=8", 0, 8)]
    [InlineData("local.get 0 v128.load drop local.get 0 i32.const 7 i32.store local.get 0 v128.load offset=16 drop", 0, 28)]
    public void A_store_is_made_although_a_later_access_traps(string code, int written, int further)
    {
        var (instance, run) = Start(code);
        var address = End - further;
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(address)).Kind);
        Assert.Equal(7, instance.GetMemory("memory").Read<int>((ulong)(address + written)));
    }

    [Theory]
    [InlineData("local.get 0 i32.load drop i32.const 1 i32.const 0 i32.div_u drop local.get 0 i32.load offset=8 drop", TrapKind.IntegerDivideByZero)]
    [InlineData("local.get 0 i32.load drop f32.const NaN i32.trunc_f32_s drop local.get 0 i32.load offset=8 drop", TrapKind.InvalidConversionToInteger)]
    [InlineData("local.get 0 i32.load drop unreachable local.get 0 i32.load offset=8 drop", TrapKind.Unreachable)]
    [InlineData("local.get 0 i32.load drop i32.const 3 global.set 0 local.get 0 i32.load offset=8 drop", TrapKind.MemoryOutOfBounds)]
    public void What_comes_first_is_the_trap(string code, TrapKind kind)
    {
        var (instance, run) = Start(code);
        Assert.Equal(kind, Assert.Throws<Trap>(() => run(End - 8)).Kind);
        Assert.Equal(code.Contains("global") ? 3 : 0, instance.GetGlobal("global").Value.AsInt32());
    }

    [Theory]
    [InlineData("local.get 0 i32.load drop i32.const 1 memory.grow drop local.get 0 i32.load offset=8 drop")]
    [InlineData("local.get 0 i32.load drop i32.const 0 local.set 0 local.get 0 i32.load offset=8 drop")]
    [InlineData("local.get 0 i32.load drop i32.const 0 local.tee 0 i32.load offset=8 drop")]
    [InlineData("local.get 0 i32.load drop i32.const 0 if local.get 0 i32.load offset=8 drop end")]
    [InlineData("block local.get 0 i32.load drop br 0 local.get 0 i32.load offset=8 drop end")]
    [InlineData("local.get 0 i32.load drop call 0 local.get 0 i32.const 0 i32.and i32.load offset=8 drop")]
    public void A_nearer_access_does_not_trap_for_one_that_is_never_made(string code) => Start(code).Run(End - 8);

    [Theory]
    // Only what was checked on all ways to a label is known behind it.
    [InlineData("block i32.const 0 br_if 0 local.get 0 i32.load offset=8 drop end local.get 0 i32.load offset=8 drop", true)]
    [InlineData("block local.get 0 br_if 0 local.get 0 i32.load offset=8 drop end local.get 0 i32.load offset=8 drop", true)]
    [InlineData("local.get 0 if local.get 0 i32.load drop else local.get 0 i32.load offset=8 drop end local.get 0 i32.load offset=8 drop", true)]
    [InlineData("local.get 0 i32.load drop local.get 0 if i32.const 0 local.set 0 end local.get 0 i32.load offset=8 drop", false)]
    [InlineData("block block local.get 0 br_table 0,1 local.get 0 i32.load offset=8 drop end i32.const 0 local.set 0 end local.get 0 i32.load offset=8 drop", true)]
    [InlineData("block try_table catch_all:0 local.get 0 i32.const 0 local.set 0 i32.load drop throw 0 end end local.get 0 i32.load offset=8 drop", false)]
    [InlineData("local.get 0 i32.load offset=8 drop", true)]
    public void Behind_a_label_nothing_is_taken_for_checked_that_was_not(string code, bool traps)
    {
        var (_, run) = Start(code);
        run(End - 12);
        if (traps)
            Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(End - 8)).Kind);
        else
            run(End - 8);
    }

    [Theory]
    // What a loop does not change is as far inside in all its iterations as before it; what it changes is not, also by a loop in it.
    [InlineData("local.get 0 i32.load drop loop local.get 0 i32.load drop end", false)]
    [InlineData("local.get 0 i32.load drop loop local.get 0 i32.load offset=8 drop end", true)]
    [InlineData("local.get 0 i32.const 12 i32.sub i32.load drop local.get 0 i32.load drop loop local.get 0 i32.load drop local.get 0 i32.const 8 i32.add local.tee 0 i32.const 65536 i32.le_u br_if 0 end", true)]
    [InlineData("local.get 0 i32.load drop loop local.get 0 i32.load drop loop local.get 0 i32.const 16 i32.add local.set 0 end local.get 0 i32.const 65556 i32.le_u br_if 0 end", true)]
    public void In_a_loop_only_what_stays_is_known(string code, bool traps)
    {
        var (_, run) = Start(code);
        if (traps)
            Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(End - 8)).Kind);
        else
            run(End - 8);
    }

    [Theory]
    [InlineData("local.get 0 i32.const 16383 i32.and i32.const 2 i32.shl i32.load drop", -1, false)]
    [InlineData("local.get 0 i32.const 16383 i32.and i32.const 2 i32.shl i32.load offset=1 drop", -1, true)]
    [InlineData("local.get 0 i32.const 65535 i32.and i32.load8_u drop", -1, false)]
    [InlineData("local.get 0 i32.const 65535 i32.and i32.const 1 i32.add i32.load8_u drop", -1, true)]
    [InlineData("local.get 0 i32.const 1 i32.and i32.const 16 i32.shl i32.load8_u drop", 1, true)]
    [InlineData("local.get 0 i32.const 16 i32.shr_u i32.load8_u drop", -1, false)]
    [InlineData("local.get 0 i32.const 15 i32.shr_u i32.load8_u drop", -1, true)]
    [InlineData("local.get 0 i32.const 16 i32.shr_s i32.load8_u drop", -1, true)]
    [InlineData("local.get 0 i32.const 255 i32.and i32.const 257 i32.mul i32.load8_u drop", 255, false)]
    [InlineData("local.get 0 i32.const 255 i32.and i32.const 258 i32.mul i32.load8_u drop", 255, true)]
    [InlineData("local.get 0 i32.const 40000 i32.and local.get 0 i32.const 40000 i32.and i32.or i32.load8_u drop", -1, false)]
    [InlineData("local.get 0 i32.const 65535 i32.and i32.const 65536 i32.xor i32.load8_u drop", -1, true)]
    [InlineData("local.get 0 i32.const 65535 i32.and local.tee 0 i32.const 0 local.set 0 i32.load8_u drop", -1, false)]
    [InlineData("i32.const 0 i32.load16_u i32.load8_u drop", 0, false)]
    [InlineData("local.get 0 i32.eqz i32.const 65535 i32.mul i32.load8_u offset=1 drop", 0, true)]
    [InlineData("local.get 0 i64.extend_i32_u i64.const 65535 i64.and i32.wrap_i64 i32.load8_u drop", -1, false)]
    [InlineData("local.get 0 i64.extend_i32_s i32.wrap_i64 i32.load8_u drop", -1, true)]
    [InlineData("i32.const -1 i32.const 1 i32.and local.get 0 i32.const -1 i32.mul i32.add i32.load8_u drop", 2, true)]
    public void An_address_that_can_only_be_inside_is_not_taken_for_one_that_may_be_outside(string code, int argument, bool traps)
    {
        var (_, run) = Start(code);
        if (traps)
            Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(argument)).Kind);
        else
            run(argument);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_end_of_an_access_is_compared_to_the_byte(int pages)
    {
        foreach (var offset in (int[])[0, 1, Memory.FurthestRoom - 4, Memory.FurthestRoom - 3, Memory.FurthestRoom, 5_000, Memory.PageBytes])
        {
            var module = new ModuleText().Memory(0, 4).Function("run", "i32->i32", $"local.get 0 i32.load offset={offset}")
                .Function("grow", "i32->i32", "local.get 0 memory.grow").Compile(Explicit);
            var instance = new Linker().Instantiate(new Store(), module);
            Assert.Equal(0, instance.GetFunction<Func<int, int>>("grow")(pages));
            var run = instance.GetFunction<Func<int, int>>("run");
            var last = (pages * Memory.PageBytes) - offset - 4;
            if (last >= 0)
                Assert.Equal(0, run(last));
            foreach (var outside in (int[])[Math.Max(last + 1, 0), -1, -4, int.MinValue])
                Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(outside)).Kind);
        }
    }

    static (Instance Instance, Action<int> Run) Start(string code)
    {
        var module = new ModuleText().Memory(1, 2, export: "memory").Global(ValueKind.I32, "i32.const 0", mutable: true, export: "global").Tag("->")
            .Function(null, "->", "").Function("run", "i32->", code).Compile(Explicit);
        var instance = new Linker().Instantiate(new Store(), module);
        return (instance, instance.GetFunction<Action<int>>("run"));
    }
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>A fault in guard pages is a trap like any other, and no other exception is taken for one.</summary>
public sealed class FaultTests
{
    const string Load = "local.get 0 i32.load";

    [Fact]
    public void A_fault_knows_the_functions_it_came_through_innermost_first()
    {
        var instance = Guarded.Start(new ModuleText().Memory(1)
            .Function("outer", "i32->i32", "local.get 0 call 1").Function("middle", "i32->i32", "local.get 0 call 2").Function("inner", "i32->i32", Load));
        var trap = Assert.Throws<Trap>(() => instance.GetFunction<Func<int, int>>("outer")(-1));
        Assert.Equal(TrapKind.MemoryOutOfBounds, trap.Kind);
        Assert.Equal(["inner", "middle", "outer"], trap.WasmStack.Select(frame => frame.Name));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u << 20)]
    [InlineData(1u << 30)]
    [InlineData(uint.MaxValue)]
    public void No_address_and_offset_lead_anywhere_else(uint offset)
    {
        var instance = Guarded.Start(new ModuleText().Memory(1)
            .Function("load", "i32->", $"local.get 0 v128.load offset={offset} drop").Function("store", "i32->", $"local.get 0 i64.const 1 i64.store offset={offset}"));
        foreach (var address in new[] { -1, int.MaxValue, int.MinValue, 65_536 })
        {
            Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => instance.GetFunction<Action<int>>("load")(address)).Kind);
            Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => instance.GetFunction<Action<int>>("store")(address)).Kind);
        }
    }

    [Fact]
    public void Code_whose_traces_tell_the_instruction_does_not_rely_on_faults()
    {
        var text = new ModuleText().Memory(1).Function("run", "->", "i32.const 0 i32.load drop i32.const -1 i32.load drop");
        var module = text.Compile(Guarded.Options with { ExactTraces = true });
        Assert.Equal(MemoryChecks.Explicit, module.Options.MemoryChecks);
        Assert.NotNull(Assert.Throws<Trap>(new Linker().Instantiate(new Store(), module).GetFunction<Action>("run")).WasmStack[0].InstructionOffset);
    }

    [Fact]
    public void What_was_a_guard_page_is_memory_once_it_has_grown()
    {
        var instance = Guarded.Start(new ModuleText().Memory(1, 3).Function("load", "i32->i32", Load)
            .Function("grow", "i32->i32", "local.get 0 memory.grow drop i32.const 131072 i32.const 9 i32.store i32.const 131072 i32.load"));
        var load = instance.GetFunction<Func<int, int>>("load");
        Assert.Throws<Trap>(() => load(131_072));
        Assert.Throws<Trap>(() => instance.GetFunction<Func<int, int>>("grow")(1));
        Assert.Equal(9, instance.GetFunction<Func<int, int>>("grow")(1));
        Assert.Equal(9, load(131_072));
        Assert.Throws<Trap>(() => load(196_605));
    }

    [Fact]
    public void A_null_reference_in_a_host_function_reaches_the_host_as_it_was_thrown()
    {
        var thrown = Assert.Throws<NullReferenceException>(() => ((string)null!).Length.ToString());
        var linker = new Linker().Define("env", "throws", void () => throw (Exception)thrown).Define("env", "forgets", (object text) => ((string)text).Length);
        var instance = Guarded.Start(new ModuleText().Import("env", "throws", "->").Import("env", "forgets", "externref->i32").Memory(1)
            .Function("run", "->", "call 0").Function("forget", "->i32", "ref.null externref call 1"), linker);
        Assert.Same(thrown, Assert.Throws<NullReferenceException>(instance.GetFunction<Action>("run")));
        Assert.Contains("FaultTests", Assert.Throws<NullReferenceException>(() => instance.GetFunction<Func<int>>("forget")()).StackTrace);
    }

    [Fact]
    public void So_does_one_in_a_host_function_over_values()
    {
        var thrown = Assert.Throws<NullReferenceException>(() => ((string)null!).Length.ToString());
        var function = Function.FromValues(FunctionType.Of([], []), (_, _, _) => throw (Exception)thrown);
        var instance = Guarded.Start(new ModuleText().Import("env", "throws", "->").Function("run", "->", "call 0"), new Linker().Define("env", "throws", function));
        Assert.Same(thrown, Assert.Throws<NullReferenceException>(instance.GetFunction<Action>("run")));
    }

    [Fact]
    public void Guest_and_host_fault_in_turns_and_each_sees_its_own()
    {
        Func<int, int>? inner = null;
        var seen = new List<TrapKind>();
        var linker = new Linker().Define("env", "host", (int address) =>
        {
            try
            {
                return inner!(address);
            }
            catch (Trap trap)
            {
                seen.Add(trap.Kind);
                return address == -1 ? ((string)null!).Length : 5;
            }
        });
        var instance = Guarded.Start(new ModuleText().Import("env", "host", "i32->i32").Memory(1)
            .Function("inner", "i32->i32", Load).Function("outer", "i32->i32", $"local.get 0 call 0 {Load} i32.add"), linker);
        inner = instance.GetFunction<Func<int, int>>("inner");
        var outer = instance.GetFunction<Func<int, int>>("outer");
        Assert.Throws<NullReferenceException>(() => outer(-1));
        Assert.Equal(["outer"], Assert.Throws<Trap>(() => outer(-2)).WasmStack.Select(frame => frame.Name));
        Assert.Equal(0, outer(0));
        Assert.Equal([TrapKind.MemoryOutOfBounds, TrapKind.MemoryOutOfBounds], seen);
    }

    [Fact]
    public void A_fault_passes_what_catches_exceptions()
    {
        var instance = Guarded.Start(new ModuleText().Memory(1, export: "memory").Tag("->").Function("run", "i32->i32", """
            block try_table catch_all:0
                block try_table catch:0:0 i32.const 0 i32.const 7 i32.store local.get 0 i32.load drop i32.const 0 i32.const 8 i32.store end end
            end i32.const 0 return end i32.const 1
            """));
        var run = instance.GetFunction<Func<int, int>>("run");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(-1)).Kind);
        Assert.Equal(7, instance.GetMemory("memory").Read<int>(0));
        Assert.Equal(0, run(0));
        Assert.Equal(8, instance.GetMemory("memory").Read<int>(0));
    }

    [Fact]
    public void A_global_set_before_a_fault_stays_set()
    {
        var instance = Guarded.Start(new ModuleText().Memory(1).Global(ValueKind.I32, "i32.const 0", mutable: true)
            .Function("run", "i32->i32", $"loop i32.const 1 global.set 0 {Load} drop i32.const 2 global.set 0 end i32.const 0").Function("read", "->i32", "global.get 0"));
        Assert.Throws<Trap>(() => instance.GetFunction<Func<int, int>>("run")(-1));
        Assert.Equal(1, instance.GetFunction<Func<int>>("read")());
    }
}

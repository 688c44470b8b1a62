using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Traps;

public sealed class TrapTests
{
    [Theory]
    [InlineData("unreachable", TrapKind.Unreachable)]
    [InlineData("i32.const 65533 i32.load drop", TrapKind.MemoryOutOfBounds)]
    [InlineData("i32.const -1 i32.load8_u offset=4294967295 drop", TrapKind.MemoryOutOfBounds)]
    [InlineData("i32.const -4 i64.const 0 i64.store offset=4294967292", TrapKind.MemoryOutOfBounds)]
    [InlineData("i32.const 65530 i32.const 0 i32.const 7 memory.fill", TrapKind.MemoryOutOfBounds)]
    [InlineData("i32.const 2 table.get 0 drop", TrapKind.TableOutOfBounds)]
    [InlineData("i32.const 2 call_indirect ->", TrapKind.UndefinedElement)]
    [InlineData("i32.const 1 call_indirect ->", TrapKind.UninitializedElement)]
    [InlineData("i32.const 0 call_indirect ->i32 drop", TrapKind.IndirectCallTypeMismatch)]
    [InlineData("i32.const 1 i32.const 0 i32.rem_u drop", TrapKind.IntegerDivideByZero)]
    [InlineData("i64.const -9223372036854775808 i64.const -1 i64.div_s drop", TrapKind.IntegerOverflow)]
    [InlineData("f64.const 4294967296 i32.trunc_f64_u drop", TrapKind.IntegerOverflow)]
    [InlineData("f32.const NaN i64.trunc_f32_s drop", TrapKind.InvalidConversionToInteger)]
    public void Every_wrong_doing_has_its_kind(string code, TrapKind kind)
    {
        var instance = Start(new ModuleText().Memory(1).Table(2).Elements(0, 0).Function("run", "->", code));
        Assert.Equal(kind, Assert.Throws<Trap>(instance.GetFunction<Action>("run")).Kind);
    }

    [Fact]
    public void A_trap_knows_the_functions_it_came_through_innermost_first()
    {
        var instance = Start(new ModuleText().Function("outer", "->", "call 1").Function("middle", "->", "call 2").Function(null, "->", "unreachable")
            .Custom("name", [1, 8, 1, 2, 5, .. "inner"u8]));
        var stack = Assert.Throws<Trap>(instance.GetFunction<Action>("outer")).WasmStack;
        Assert.Equal([(2, "inner"), (1, "middle"), (0, "outer")], stack.Select(frame => (frame.FunctionIndex, frame.Name!)));
    }

    [Fact]
    public void What_was_written_before_a_trap_stays_written()
    {
        const string code = "i32.const 0 i32.const 77 i32.store i32.const 65534 i32.const -1 i32.store";
        var instance = Start(new ModuleText().Memory(1, export: "memory").Function("run", "->", code));
        Assert.Throws<Trap>(instance.GetFunction<Action>("run"));
        Assert.Equal(77, instance.GetMemory("memory").Read<int>(0));
        Assert.Equal(0, instance.GetMemory("memory").Read<short>(65534));
    }

    [Fact]
    public void The_host_is_stopped_at_the_end_of_the_memory_too()
    {
        var memory = Start(new ModuleText().Memory(1, export: "memory").Function(null, "->", "")).GetMemory("memory");
        memory.Write(65528, long.MaxValue);
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => memory.Write(65529, long.MaxValue)).Kind);
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => memory.Read<byte>(uint.MaxValue)).Kind);
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => memory.Slice(65536, 1).Length).Kind);
    }

    static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile());
}

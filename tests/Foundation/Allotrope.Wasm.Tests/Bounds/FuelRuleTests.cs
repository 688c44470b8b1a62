using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

/// <summary>What fuel costs, to the last instruction, in every tier and memory mode.</summary>
public sealed class FuelRuleTests
{
    const long Plenty = 1_000_000;

    static readonly CompileOptions[] Modes =
    [
        new() { Fuel = true, Tier = Tier.Compiled, MemoryChecks = MemoryChecks.Explicit },
        new() { Fuel = true, Tier = Tier.Compiled, MemoryChecks = MemoryChecks.Automatic },
        new() { Fuel = true, Tier = Tier.Compiled, Pausable = true },
        new() { Fuel = true, Tier = Tier.Interpreted },
    ];

    public static TheoryData<string, int, TrapKind?> Rules => new()
    {
        { "", 1, null },
        { "nop nop", 3, null },
        { "block nop end", 4, null },
        { "i32.const 1 if nop end", 5, null },
        { "i32.const 0 if nop end", 3, null },
        { "i32.const 1 if nop else nop nop end", 5, null },
        { "i32.const 0 if nop else nop nop end", 6, null },
        { "block br 0 nop nop end", 3, null },
        { "block i32.const 1 br_if 0 nop nop end", 4, null },
        { "i32.const 3 local.set 0 loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end", 3 + (3 * 5) + 2, null },
        { "call 1", 2 + 2, null },
        { "return nop", 1, null },
        { "unreachable", 1, TrapKind.Unreachable },
        { "nop nop unreachable", 3, TrapKind.Unreachable },
        { "block nop end i32.const 1 i32.const 0 i32.div_s drop", 3, TrapKind.IntegerDivideByZero },
        { "block nop end i32.const 70000 i32.load drop", 3, TrapKind.MemoryOutOfBounds },
        { "i32.const 70000 i32.load drop", 0, TrapKind.MemoryOutOfBounds },
        { "block nop end f64.const 10000000000 i32.trunc_f64_s drop", 3, TrapKind.IntegerOverflow },
        { "block nop end i32.const 9 table.get 0 drop", 3, TrapKind.TableOutOfBounds },
        { "i32.const 9 call_indirect ->", 2, TrapKind.UndefinedElement },
        { "i32.const 0 i32.const 1 i32.const 17 memory.fill", 5 + 3, null },
        { "i32.const 0 i32.const 1 i32.const 0 memory.fill", 5, null },
        { "i32.const 0 i32.const 8 i32.const 16 memory.copy", 5 + 2, null },
        { "i32.const 0 i32.const 8 i32.const -1 memory.copy", 0, TrapKind.MemoryOutOfBounds },
        { "i32.const 2 memory.grow drop", 4 + (2 * 8192), null },
        { "i32.const 99 memory.grow drop", 4, null },
        { "ref.null funcref i32.const 2 table.grow 0 drop", 5 + 4, null },
        { "i32.const 0 ref.null funcref i32.const 2 table.fill 0", 5 + 2, null },
        { "loop i32.const 70000 i32.load drop br 0 end", 1, TrapKind.MemoryOutOfBounds },
        { "call 2", 1 + 1, TrapKind.Unreachable },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Fuel_is_counted_to_the_last_instruction(string code, int cost, TrapKind? trap)
    {
        foreach (var mode in Modes)
        {
            var store = new Store { Fuel = Plenty };
            var run = Start(store, code, mode).GetFunction<Action>("run");
            var kind = (Record.Exception(run) as Trap)?.Kind;
            Assert.Equal((trap, (long)cost), (kind, Plenty - store.Fuel));
        }
    }

    [Theory]
    [InlineData("nop nop", 0, TrapKind.FuelExhausted, 0)]
    [InlineData("nop nop", 1, null, -2)]
    [InlineData("call 1", 1, null, -3)]
    [InlineData("call 3", 1, TrapKind.FuelExhausted, 0)]
    [InlineData("loop br 0 end", 5, TrapKind.FuelExhausted, 0)]
    [InlineData("loop nop nop br 0 end", 6, TrapKind.FuelExhausted, -1)]
    [InlineData("i32.const 0 i32.const 1 i32.const 80 memory.fill", 9, TrapKind.FuelExhausted, -1)]
    [InlineData("i32.const 0 i32.const 1 i32.const 80 memory.fill", 10, null, -5)]
    public void What_is_left_is_asked_for_where_functions_and_iterations_begin(string code, int given, TrapKind? trap, int left)
    {
        foreach (var mode in Modes)
        {
            var store = new Store { Fuel = given };
            var run = Start(store, code, mode).GetFunction<Action>("run");
            var kind = (Record.Exception(run) as Trap)?.Kind;
            Assert.Equal((trap, (long)left), (kind, store.Fuel));
        }
    }

    [Fact]
    public void A_host_function_sees_and_sets_what_is_left()
    {
        foreach (var mode in Modes)
        {
            var store = new Store { Fuel = 100 };
            long seen = 0;
            var linker = new Linker().Define("host", "look", () =>
            {
                seen = store.Fuel;
                store.Fuel = 50;
            });
            var module = new ModuleText().Import("host", "look", "->").Function("run", "->", "nop call 0 nop").Compile(mode);
            linker.Instantiate(store, module).GetFunction<Action>("run")();
            Assert.Equal((98, 48), (seen, store.Fuel));
        }
    }

    [Fact]
    public void What_an_exception_passes_stays_paid()
    {
        foreach (var mode in Modes)
        {
            var store = new Store { Fuel = Plenty };
            var module = new ModuleText().Tag("->").Function("run", "->", "block try_table catch_all:0 nop call 1 end end nop")
                .Function(null, "->", "nop throw 0").Compile(mode);
            new Linker().Instantiate(store, module).GetFunction<Action>("run")();
            Assert.Equal(4 + 2 + 2, Plenty - store.Fuel);
        }
    }

    static Instance Start(Store store, string code, CompileOptions mode) => new Linker().Instantiate(store, new ModuleText()
        .Memory(1, 9).Table(2, 9).Function("run", "->", code, "i32").Function(null, "->", "nop").Function(null, "->", "unreachable")
        .Function(null, "->", "call 1").Compile(mode));
}

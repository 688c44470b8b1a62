using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

/// <summary>What fuel costs, to the last instruction, in every tier and memory mode.</summary>
public sealed class FuelRuleTests
{
    const long Plenty = 1_000_000;

    /// <summary>What a function has free; here it is used up before the code that is looked at.</summary>
    const int PaidByCaller = 8;

    static readonly CompileOptions[] Modes =
    [
        new() { Fuel = true, Tier = Tier.Compiled, MemoryChecks = MemoryChecks.Explicit },
        new() { Fuel = true, Tier = Tier.Compiled, MemoryChecks = MemoryChecks.Automatic },
        new() { Fuel = true, Tier = Tier.Compiled, Pausable = true },
        new() { Fuel = true, Tier = Tier.Interpreted },
    ];

    public static TheoryData<string, int, TrapKind?> Rules => new()
    {
        { "", 0, null },
        { "nop nop", 2, null },
        { "block nop end", 1, null },
        { "i32.const 1 if nop end", 3, null },
        { "i32.const 1 if nop else nop nop end", 5, null },
        { "block br 0 nop nop end", 1, null },
        { "block i32.const 1 br_if 0 nop nop end", 4, null },
        { "i32.const 3 local.set 0 loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end", 2 + (3 * 5), null },
        { "loop i32.const 0 br_if 0 end nop", 2 + 1, null },
        { "call 1", 9, null },
        { "return nop", 1, null },
        { "unreachable", 1, TrapKind.Unreachable },
        { "nop nop unreachable", 3, TrapKind.Unreachable },
        { "block nop end i32.const 1 i32.const 0 i32.div_s drop", 5, TrapKind.IntegerDivideByZero },
        { "i32.const 70000 i32.load drop", 3, TrapKind.MemoryOutOfBounds },
        { "f64.const 10000000000 i32.trunc_f64_s drop", 3, TrapKind.IntegerOverflow },
        { "i32.const 9 table.get 0 drop", 3, TrapKind.TableOutOfBounds },
        { "i32.const 9 call_indirect ->", 1 + 9, TrapKind.UndefinedElement },
        { "i32.const 0 i32.const 1 i32.const 17 memory.fill", 4 + 3, null },
        { "i32.const 0 i32.const 1 i32.const 0 memory.fill", 4, null },
        { "i32.const 0 i32.const 8 i32.const 16 memory.copy", 4 + 2, null },
        { "i32.const 0 i32.const 8 i32.const -1 memory.copy", 4, TrapKind.MemoryOutOfBounds },
        { "i32.const 2 memory.grow drop", 3 + (2 * 8192), null },
        { "i32.const 99 memory.grow drop", 3, null },
        { "ref.null funcref i32.const 2 table.grow 0 drop", 4 + 4, null },
        { "i32.const 0 ref.null funcref i32.const 2 table.fill 0", 4 + 2, null },
        { "loop i32.const 70000 i32.load drop br 0 end", 4, TrapKind.MemoryOutOfBounds },
        { "loop i32.const 0 i32.load drop i32.const 0 br_if 0 end i32.const 70000 i32.load drop", 5 + 3, TrapKind.MemoryOutOfBounds },
        { "call 2", 9, TrapKind.Unreachable },
        { "call 4", 9 + 2, null },
    };

    /// <summary>Ways that few instructions are on are paid for before it is known which is taken; longer ones by those who take them.</summary>
    public static TheoryData<string, int> Ways => new()
    {
        { $"i32.const 0 if {Nops(32)} end", 2 + 32 },
        { $"i32.const 0 if {Nops(33)} end", 2 },
        { $"i32.const 1 if {Nops(33)} end", 2 + 33 },
        { $"i32.const 1 if {Nops(20)} else {Nops(20)} end", 2 + 20 },
        { $"i32.const 0 if {Nops(20)} else {Nops(20)} end", 2 + 20 + 20 },
        { $"block i32.const 1 br_if 0 {Nops(33)} end nop", 2 + 1 },
        { $"block i32.const 0 br_if 0 {Nops(33)} end nop", 2 + 1 + 33 },
        { $"block block block i32.const 0 br_table 0,1,2 end {Nops(40)} br 1 end {Nops(50)} end nop", 2 + 41 + 1 },
        { $"block block block i32.const 1 br_table 0,1,2 end {Nops(40)} br 1 end {Nops(50)} end nop", 2 + 50 + 1 },
        { $"block block block i32.const 2 br_table 0,1,2 end {Nops(40)} br 1 end {Nops(50)} end nop", 2 + 1 },
        { $"nop loop {Nops(40)} i32.const 0 br_if 0 end {Nops(33)}", 1 + 42 + 33 },
        { $"loop loop i32.const 0 br_if 0 end i32.const 0 br_if 0 end", 2 + 2 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_may_not_be_run_is_paid_for_within_bounds(string code, int cost) => Fuel_is_counted_to_the_last_instruction(code, cost, null);

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
    [InlineData("nop nop", 1, null, -1)]
    [InlineData("call 1", 8, TrapKind.FuelExhausted, -1)]
    [InlineData("call 1", 9, null, 0)]
    [InlineData("call 3", 9, TrapKind.FuelExhausted, -1)]
    [InlineData("call 3", 10, null, 0)]
    [InlineData("loop br 0 end", 5, TrapKind.FuelExhausted, -1)]
    [InlineData("loop nop nop br 0 end", 6, TrapKind.FuelExhausted, -3)]
    [InlineData("loop i32.const 0 br_if 0 end", 2, null, 0)]
    [InlineData("i32.const 0 i32.const 1 i32.const 80 memory.fill", 13, TrapKind.FuelExhausted, -1)]
    [InlineData("i32.const 0 i32.const 1 i32.const 80 memory.fill", 14, null, 0)]
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
            Assert.Equal((97, 50), (seen, store.Fuel));
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
            Assert.Equal(11 - PaidByCaller, Plenty - store.Fuel);
        }
    }

    static string Nops(int count) => string.Join(' ', Enumerable.Repeat("nop", count));

    static Instance Start(Store store, string code, CompileOptions mode) => new Linker().Instantiate(store, new ModuleText()
        .Memory(1, 9).Table(2, 9).Function("run", "->", $"{Nops(PaidByCaller)} {code}", "i32").Function(null, "->", "nop").Function(null, "->", "unreachable")
        .Function(null, "->", "call 1").Function(null, "->", Nops(PaidByCaller + 2)).Compile(mode));
}

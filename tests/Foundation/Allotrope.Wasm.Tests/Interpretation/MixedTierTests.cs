using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Interpretation;

/// <summary>Interpreted and compiled modules in one store call each other as if they were of one kind.</summary>
public sealed class MixedTierTests
{
    /// <summary>Both ways round.</summary>
    public static TheoryData<Tier, Tier> Pairs => new() { { Tier.Compiled, Tier.Interpreted }, { Tier.Interpreted, Tier.Compiled } };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Values_of_every_kind_go_over_and_come_back(Tier callee, Tier caller)
    {
        const string all = "i32,i64,f32,f64,v128,externref,funcref";
        var inner = new ModuleText().Function("f", $"{all}->{all}", string.Concat(Enumerable.Range(0, 7).Select(i => $"local.get {i} ")));
        var outer = new ModuleText().Import("inner", "f", $"{all}->{all}")
            .Function("run", $"{all}->{all}", string.Concat(Enumerable.Range(0, 7).Select(i => $"local.get {i} ")) + "call 0");
        var run = Link(inner, callee, outer, caller).GetFunction("run");
        Value[] values =
        [
            1, 2L, 3f, 4d, Value.FromVector128(System.Runtime.Intrinsics.Vector128.Create((byte)5)), Value.FromObject("six"), Value.FromFunction(run),
        ];
        var results = new Value[values.Length];
        run.Invoke(values, results);
        Assert.Equal(values, results);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_trap_names_the_functions_of_both(Tier callee, Tier caller)
    {
        var inner = new ModuleText().Function("f", "->", "call 1").Function("g", "->", "i32.const 1 i32.const 0 i32.div_s drop");
        var outer = new ModuleText().Import("inner", "f", "->").Function("run", "->", "call 2").Function("middle", "->", "call 0");
        var run = Link(inner, callee, outer, caller).GetFunction<Action>("run");
        var trap = Assert.Throws<Trap>(run);
        Assert.Equal(TrapKind.IntegerDivideByZero, trap.Kind);
        Assert.Equal(["g", "f", "middle", "run"], trap.WasmStack.Select(frame => frame.Name));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_access_outside_the_memory_is_the_same_trap(Tier callee, Tier caller)
    {
        var inner = new ModuleText().Memory(1).Function("f", "i32->i32", "local.get 0 i32.load");
        var outer = new ModuleText().Import("inner", "f", "i32->i32").Function("run", "i32->i32", "local.get 0 call 0");
        var run = Link(inner, callee, outer, caller).GetFunction("run");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run.AsDelegate<Func<int, int>>()(65_536)).Kind);
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run.Invoke([-1], new Value[1])).Kind);
        Assert.Equal(0, run.AsDelegate<Func<int, int>>()(65_532));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_exception_of_one_is_caught_by_the_other(Tier callee, Tier caller)
    {
        var tag = new Tag(ValueKind.I32);
        var inner = new ModuleText().ImportTag("host", "tag", "i32->").Function("f", "i32->", "local.get 0 throw 0");
        var outer = new ModuleText().Import("inner", "f", "i32->").ImportTag("host", "tag", "i32->")
            .Function("run", "i32->i32", "block ->i32 try_table catch:0:0 local.get 0 call 0 end i32.const -1 end");
        Assert.Equal(77, Link(inner, callee, outer, caller, new Linker().Define("host", "tag", tag)).GetFunction<Func<int, int>>("run")(77));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_function_that_came_as_a_value_is_called(Tier callee, Tier caller)
    {
        var store = new Store();
        var linker = new Linker();
        var first = new ModuleText().Function("f", "i32->i32", "local.get 0 i32.const 1 i32.add");
        var one = linker.Instantiate(store, first.Compile(new CompileOptions { Tier = callee }));
        var second = new ModuleText().Table(1).Function("run", "funcref,i32->i32", "i32.const 0 local.get 0 table.set 0 local.get 1 i32.const 0 call_indirect i32->i32");
        var run = linker.Instantiate(store, second.Compile(new CompileOptions { Tier = caller })).GetFunction("run");
        var result = new Value[1];
        run.Invoke([Value.FromFunction(one.GetFunction("f")), 41], result);
        Assert.Equal(42, result[0].AsInt32());
    }

    [Fact]
    public void Tail_calls_between_interpreted_instances_take_no_stack()
    {
        var store = new Store();
        var linker = new Linker();
        var module = new ModuleText().Table(1, export: "table").Function(
            "run", "i32->i32", "local.get 0 i32.eqz if ->i32 i32.const 9 else local.get 0 i32.const 1 i32.sub i32.const 0 return_call_indirect i32->i32 end");
        var options = new CompileOptions { Tier = Tier.Interpreted };
        var (one, other) = (linker.Instantiate(store, module.Compile(options)), linker.Instantiate(store, module.Compile(options)));
        one.GetTable("table")[0] = other.GetFunction("run");
        other.GetTable("table")[0] = one.GetFunction("run");
        Assert.Equal(9, one.GetFunction<Func<int, int>>("run")(1_000_000));
    }

    [Fact]
    public void Recursion_through_both_and_the_host_ends_in_a_trap()
    {
        var store = new Store();
        Function? again = null;
        var linker = new Linker().Define("host", "again", () => again!.Invoke([], []));
        var module = new ModuleText().Import("host", "again", "->").Function("run", "->", "call 0");
        again = linker.Instantiate(store, module.Compile(new CompileOptions { Tier = Tier.Interpreted })).GetFunction("run");
        Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(() => again.Invoke([], [])).Kind);
    }

    static Instance Link(ModuleText inner, Tier callee, ModuleText outer, Tier caller, Linker? linker = null)
    {
        linker ??= new Linker();
        var store = new Store();
        linker.Define("inner", linker.Instantiate(store, inner.Compile(new CompileOptions { Tier = callee })));
        return linker.Instantiate(store, outer.Compile(new CompileOptions { Tier = caller }));
    }
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>Tables, references and indirect calls.</summary>
public sealed class TableTests
{
    [Fact]
    public void An_indirect_call_reaches_the_function_at_its_index()
    {
        var run = Dispatcher().GetFunction<Func<int, int>>("run");
        Assert.Equal((11, 12), (run(0), run(1)));
    }

    [Theory]
    [InlineData(2, TrapKind.IndirectCallTypeMismatch)]
    [InlineData(3, TrapKind.UninitializedElement)]
    [InlineData(4, TrapKind.UndefinedElement)]
    [InlineData(-1, TrapKind.UndefinedElement)]
    public void An_indirect_call_of_anything_else_traps(int index, TrapKind kind)
    {
        var run = Dispatcher().GetFunction<Func<int, int>>("run");
        Assert.Equal(kind, Guest.TrapOf(() => run(index)));
    }

    [Fact]
    public void The_host_can_fill_a_table()
    {
        var instance = Dispatcher();
        instance.GetTable("table")[3] = Function.FromDelegate(() => 99);
        Assert.Equal(99, instance.GetFunction<Func<int, int>>("run")(3));
    }

    [Fact]
    public void A_table_of_functions_takes_nothing_else() =>
        Assert.Throws<ArgumentException>(() => Dispatcher().GetTable("table")[0] = "text");

    [Fact]
    public void An_object_of_the_host_passes_through_a_guest_unchanged()
    {
        var instance = Guest.Start(new ModuleText().Table(2, element: ValueKind.ExternRef)
            .Function("run", "externref->externref", "i32.const 1 local.get 0 table.set 0 i32.const 1 table.get 0"));
        var thing = new object();
        Assert.Same(thing, instance.GetFunction<Func<object?, object?>>("run")(thing));
    }

    [Fact]
    public void A_reference_to_a_function_can_be_called_by_the_host()
    {
        var instance = Guest.Start(new ModuleText().Function("five", "->i32", "i32.const 5").Function("run", "->funcref", "ref.func 0"));
        var five = instance.GetFunction<Func<Function?>>("run")();
        Assert.Equal(5, five!.AsDelegate<Func<int>>()());
    }

    [Fact]
    public void New_elements_hold_the_value_they_were_grown_with()
    {
        const string code = "local.get 0 i32.const 2 table.grow 0 drop i32.const 3 table.get 0 ref.is_null table.size 0 i32.add";
        var module = new ModuleText().Table(2, element: ValueKind.ExternRef).Function("run", "externref->i32", code);
        Assert.Equal((4, 5), (Run("x"), Run(null)));

        int Run(object? value) => Guest.Start(module).GetFunction<Func<object?, int>>("run")(value);
    }

    [Theory]
    [InlineData("table.fill 0", "i32.const 3 ref.null funcref i32.const 2")]
    [InlineData("table.copy 0 0", "i32.const 3 i32.const 0 i32.const 2")]
    [InlineData("drop drop i32.const 4 table.get 0 drop", "i32.const 0 i32.const 0")]
    [InlineData("table.set 0", "i32.const -1 ref.null funcref")]
    public void A_place_outside_traps(string operation, string operands)
    {
        var run = Guest.Function<Action>("->", $"{operands} {operation}");
        Assert.Equal(TrapKind.TableOutOfBounds, Guest.TrapOf(run));
    }

    [Fact]
    public void A_shared_mutable_global_is_seen_by_guest_and_host()
    {
        var global = new Global(40L, mutable: true);
        var module = new ModuleText().ImportGlobal("env", "g", ValueKind.I64, mutable: true).Function("run", "->i64", "global.get 0 i64.const 2 i64.add global.set 0 global.get 0").Compile();
        var instance = new Linker().Define("env", "g", global).Instantiate(new Store(), module);
        Assert.Equal(42, instance.GetFunction<Func<long>>("run")());
        Assert.Equal(42, global.Value.AsInt64());
    }

    [Fact]
    public void Instances_have_globals_of_their_own()
    {
        var module = new ModuleText().Global(ValueKind.F64, "f64.const 1.5", mutable: true).Function("run", "->f64", "global.get 0 global.get 0 f64.add global.set 0 global.get 0").Compile();
        var (one, other) = (new Linker().Instantiate(new Store(), module), new Linker().Instantiate(new Store(), module));
        Assert.Equal((3d, 6d, 3d), (one.GetFunction<Func<double>>("run")(), one.GetFunction<Func<double>>("run")(), other.GetFunction<Func<double>>("run")()));
    }

    /// <summary>Calls element <c>i</c> of its table, which holds: 11, 12, a function of another signature, nothing.</summary>
    static Instance Dispatcher() => Guest.Start(new ModuleText().Table(4, export: "table").Elements(0, 1, 2, 3)
        .Function("run", "i32->i32", "local.get 0 call_indirect ->i32")
        .Function(null, "->i32", "i32.const 11").Function(null, "->i32", "i32.const 12").Function(null, "->i64", "i64.const 13"));
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Tiering;

/// <summary>Functions begin interpreted and are entered compiled once they are hot.</summary>
public sealed class TieringTests
{
    const int Often = 1_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hot_function_is_compiled_off_the_calling_thread()
    {
        var module = new ModuleText().Function("hot", "i32->i32", "local.get 0 i32.const 1 i32.add").Function("cold", "->i32", "i32.const 2").Compile(Changing.Soon);
        var instance = new Linker().Instantiate(new Store(), module);
        var (hot, cold) = (instance.GetFunction<Func<int, int>>("hot"), instance.GetFunction<Func<int>>("cold"));
        Assert.Equal((1, 2), (hot(0), cold()));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Often; i++) hot(i);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000); // emitting code takes hundreds of thousands
        await module.WhenSettledAsync();
        Assert.Equal(1, module.CompiledFunctions);
        Assert.Null(module.CompilationFailure);
        Assert.Equal(8, hot(7));
    }

    [Fact]
    public async Task A_function_that_is_seldom_called_remains_interpreted()
    {
        var module = new ModuleText().Function("cold", "->i32", "i32.const 2").Compile(Changing.Soon);
        var cold = new Linker().Instantiate(new Store(), module).GetFunction<Func<int>>("cold");
        for (var i = 0; i < 10; i++) cold();
        await module.WhenSettledAsync();
        Assert.Equal(0, module.CompiledFunctions);
    }

    [Fact]
    public async Task What_a_hot_function_calls_is_compiled_with_it()
    {
        var module = new ModuleText().Function("hot", "i32->", "local.get 0 if call 1 end").Function(null, "->", "call 2").Function(null, "->", "").Function(null, "->", "")
            .Compile(Changing.Soon);
        var hot = new Linker().Instantiate(new Store(), module).GetFunction<Action<int>>("hot");
        hot(1);
        for (var i = 0; i < Often; i++) hot(0);
        await module.WhenSettledAsync();
        Assert.Equal(3, module.CompiledFunctions);
    }

    [Fact]
    public async Task Every_way_to_a_function_enters_it_compiled()
    {
        var watch = new Watch();
        var module = new ModuleText().Import("host", "look", "->").Table(1, export: "table").Function("hot", "->", "call 0")
            .Function("direct", "->", "call 1").Function("indirect", "->", "i32.const 0 call_indirect ->").Elements(0, 1).Compile(Changing.Soon);
        var other = new ModuleText().Import("guest", "hot", "->").Function("run", "->", "call 0").Compile(new CompileOptions { Tier = Tier.Interpreted });
        var (store, linker) = (new Store(), watch.Linker);
        var instance = linker.Instantiate(store, module);
        var importer = linker.Define("guest", instance).Instantiate(store, other).GetFunction<Action>("run");
        var (function, hot) = (instance.GetFunction("hot"), instance.GetFunction<Action>("hot"));
        var (direct, indirect, element) = (instance.GetFunction<Action>("direct"), instance.GetFunction<Action>("indirect"), (Function)instance.GetTable("table")[0]!);
        hot();
        Assert.Empty(watch.Seen);
        for (var i = 0; i < Often; i++) hot();
        await module.WhenSettledAsync();
        hot(); // this is where the function's object learns of it
        foreach (var call in (Action[])[hot, () => function.Invoke([], []), () => element.Invoke([], []), direct, indirect, importer])
        {
            watch.Seen = [];
            call();
            Assert.Equal(["hot"], watch.Seen);
        }
    }

    [Fact]
    public void A_loop_that_does_not_end_goes_on_compiled()
    {
        var watch = new Watch();
        var module = new ModuleText().Import("host", "more", "->i32")
            .Function("run", "i64->i64", "loop local.get 0 i64.const 1 i64.add local.set 0 call 0 br_if 0 end local.get 0").Compile(Changing.Soon);
        var rounds = 0L;
        watch.Linker.Define("host", "more", () =>
        {
            rounds++;
            watch.Look();
            return watch.Seen.Count == 0 && !Cancellation.IsCancellationRequested ? 1 : 0;
        });
        var run = watch.Linker.Instantiate(new Store(), module).GetFunction<Func<long, long>>("run");
        Assert.Equal(run(5), rounds + 5);
        Assert.Equal(["run"], watch.Seen);
        Assert.True(rounds > 1);
    }

    [Fact]
    public void A_trap_names_interpreted_and_compiled_functions_alike()
    {
        var module = new ModuleText()
            .Function("run", "i32->", "call 1 local.get 0 call 2").Function(null, "->", "").Function("middle", "i32->", "local.get 0 call 3")
            .Function("inner", "i32->", "local.get 0 if unreachable end").Compile(Changing.AtOnce);
        var run = new Linker().Instantiate(new Store(), module).GetFunction<Action<int>>("run");
        // The first time the inner one alone is compiled when it traps, the second time all are.
        foreach (var _ in Enumerable.Range(0, 2))
            Assert.Equal(["inner", "middle", "run"], Assert.Throws<Trap>(() => run(1)).WasmStack.Select(frame => frame.Name));
        Assert.Equal(4, module.CompiledFunctions);
    }

    [Fact]
    public void A_loop_that_is_entered_compiled_is_in_a_trace_once()
    {
        var module = new ModuleText().Function("run", "i32->", "call 1 drop").Function("loops", "->i32", "loop i32.const 1 i32.const 0 i32.div_u br_if 0 end i32.const 1")
            .Compile(Changing.AtOnce);
        var run = new Linker().Instantiate(new Store(), module).GetFunction<Action<int>>("run");
        Assert.Equal(["loops", "run"], Assert.Throws<Trap>(() => run(1)).WasmStack.Select(frame => frame.Name));
    }

    [Fact]
    public void A_loop_is_entered_with_all_that_is_on_the_stack()
    {
        const string all = "i32,i64,f32,f64,v128,externref";
        var variables = string.Concat(Enumerable.Range(0, 6).Select(i => $"local.get {i} "));
        var module = new ModuleText().Function(
            "run", $"{all}->{all},i32", $"{variables} i32.const 7 local.get 0 loop i32,i32->i32 i32.add local.get 0 local.get 6 i32.const 1 i32.add local.tee 6 i32.const 20 i32.lt_u br_if 0 drop end", "i32")
            .Compile(Changing.AtOnce);
        Value[] values = [1, 2L, 3f, 4d, Value.FromVector128(System.Runtime.Intrinsics.Vector128.Create((byte)5)), Value.FromObject("six")];
        var results = new Value[7];
        new Linker().Instantiate(new Store(), module).GetFunction("run").Invoke(values, results);
        Assert.Equal([.. values, 27], results);
    }

    [Theory]
    [InlineData("local.get 0 if ->i32 i32.const 98 else LOOP i32.const 90 end", 95, 103)]
    [InlineData("block local.get 0 br_if 0 LOOP end i32.const 90", 95, 95)]
    [InlineData("block ->i32 i32.const 98 local.get 0 br_if 0 drop LOOP i32.const 90 end", 95, 103)]
    public void A_constant_below_a_loop_is_there_whether_the_loop_was_passed_or_not(string code, int passed, int avoided)
    {
        const string loop = "loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 3 i32.lt_u br_if 0 end";
        var text = new ModuleText().Function("run", "i32->i32", $"i32.const 5 {code.Replace("LOOP", loop)} i32.add", "i32");
        foreach (var options in (CompileOptions[])[Changing.Soon, Changing.AtOnce])
        {
            foreach (var (argument, expected) in new[] { (1, avoided), (0, passed), (1, avoided) })
                Assert.Equal(expected, new Linker().Instantiate(new Store(), text.Compile(options)).GetFunction<Func<int, int>>("run")(argument));
        }
    }

    [Fact]
    public void Functions_that_call_each_other_in_their_place_through_tables_are_compiled_at_once()
    {
        var module = new ModuleText().Table(1).Function("run", "->", "i32.const 0 return_call_indirect ->").Compile(Changing.Soon);
        Assert.Equal(1, module.CompiledFunctions);
    }

    [Fact]
    public void A_prepared_module_is_compiled_altogether()
    {
        var module = new ModuleText().Function("run", "->i32", "call 1").Function(null, "->i32", "i32.const 3").Compile(Changing.Soon);
        var run = new Linker().Instantiate(new Store(), module).GetFunction<Func<int>>("run");
        Assert.Equal(3, run());
        module.Prepare();
        Assert.Equal(2, module.CompiledFunctions);
        Assert.Equal(3, run());
    }

    /// <summary>Tells which compiled functions are on the stack of a host call.</summary>
    sealed class Watch
    {
        public Watch() => Linker.Define("host", "look", Look);

        public Linker Linker { get; } = new();

        public IReadOnlyList<string?> Seen { get; set; } = [];

        public void Look() => Seen = [.. TrapStack.Here().Select(frame => frame.Name)];
    }
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Linking;

public sealed class LinkTests
{
    [Fact]
    public void A_missing_import_is_named()
    {
        var module = new ModuleText().Import("host", "absent", "i32->i64").Compile();
        var message = Assert.Throws<LinkException>(() => new Linker().Instantiate(new Store(), module)).Message;
        Assert.Contains("host", message);
        Assert.Contains("absent", message);
    }

    [Fact]
    public void An_import_of_another_type_is_named_with_both_types()
    {
        var module = new ModuleText().Import("host", "f", "i32->i64").Compile();
        var linker = new Linker().Define("host", "f", (int a, int b) => a + b);
        var message = Assert.Throws<LinkException>(() => linker.Instantiate(new Store(), module)).Message;
        Assert.Contains("(i32) -> (i64)", message);
        Assert.Contains("(i32, i32) -> (i32)", message);
    }

    [Fact]
    public void A_delegate_with_a_type_WebAssembly_does_not_have_is_refused_when_it_is_defined() =>
        Assert.Throws<ArgumentException>(() => new Linker().Define("host", "f", (DateTime _) => { }));

    [Fact]
    public void One_linker_and_module_make_many_instances_that_share_nothing()
    {
        var linker = new Linker();
        var module = new ModuleText().Global(ValueKind.I32, "i32.const 0", mutable: true)
            .Function("next", "->i32", "global.get 0 i32.const 1 i32.add global.set 0 global.get 0").Compile();
        var (one, other) = (Next(), Next());
        Assert.Equal([1, 2, 3], [one(), one(), one()]);
        Assert.Equal(1, other());

        Func<int> Next() => linker.Instantiate(new Store(), module).GetFunction<Func<int>>("next");
    }

    [Fact]
    public void Instances_on_many_threads_do_not_meet()
    {
        var module = new ModuleText().Memory(1).Function("count", "i32->i32", """
            loop i32.const 8 i32.const 8 i32.load i32.const 1 i32.add i32.store local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end
            i32.const 8 i32.load
            """).Compile();
        Parallel.For(0, 64, _ => Assert.Equal(10_000, new Linker().Instantiate(new Store(), module).GetFunction<Func<int, int>>("count")(10_000)));
    }

    [Fact]
    public void The_host_can_give_memory_and_globals()
    {
        var store = new Store();
        var memory = new Memory(store, new Limits(1));
        memory.Write(4, 40);
        var linker = new Linker().Define("host", "memory", memory).Define("host", "two", new Global(Value.FromInt32(2)));
        var module = new ModuleText().ImportMemory("host", "memory", 1).ImportGlobal("host", "two", ValueKind.I32)
            .Function("run", "->i32", "i32.const 4 i32.load global.get 0 i32.add").Compile();
        Assert.Equal(42, linker.Instantiate(store, module).GetFunction<Func<int>>("run")());
    }

    [Fact]
    public void The_start_function_runs_at_instantiation()
    {
        var started = 0;
        var linker = new Linker().Define("host", "started", () => { started++; });
        linker.Instantiate(new Store(), new ModuleText().Import("host", "started", "->").Start(0).Compile());
        Assert.Equal(1, started);
    }

    [Fact]
    public void A_custom_section_is_given_back_as_it_was()
    {
        var module = new ModuleText().Custom("note", 1, 2, 3).Compile();
        Assert.Equal(new byte[] { 1, 2, 3 }, module.CustomSection("note")!.Value.ToArray());
        Assert.Null(module.CustomSection("absent"));
    }
}

using System.Text;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Hostile;

/// <summary>Modules that are valid and meant to hurt: nothing in them may take the process down.</summary>
public sealed class HostileCodeTests
{
    [Theory]
    [InlineData("i32.const 1 ", "i32.add ")]
    [InlineData("local.get 0 ", "i32.sub ")]
    [InlineData("local.get 0 i32.load ", "i32.xor ")]
    public void An_expression_of_any_height_is_compiled(string leaf, string join)
    {
        const int height = 10_000;
        var run = Start(Repeat(leaf, height) + Repeat(join, height - 1));
        Assert.Equal(run(0), run(0));
    }

    [Fact]
    public void A_chain_of_operations_of_any_length_is_compiled()
    {
        const int length = 10_000;
        Assert.Equal(length, Start("local.get 0 " + Repeat("i32.const 1 i32.add ", length))(0));
    }

    [Fact]
    public void Calls_nested_in_each_others_arguments_are_compiled()
    {
        const int height = 5_000;
        var module = new ModuleText().Function(null, "i32->i32", "local.get 0 i32.const 1 i32.add")
            .Function("run", "i32->i32", "local.get 0 " + Repeat("call 0 ", height));
        Assert.Equal(height, Instantiate(module).GetFunction<Func<int, int>>("run")(0));
    }

    [Fact]
    public void Selects_nested_in_each_other_are_compiled()
    {
        const int height = 5_000;
        Assert.Equal(7, Start("local.get 0 " + Repeat("i32.const 1 i32.const 1 select ", height))(7));
    }

    [Fact]
    public void Blocks_nested_in_each_other_are_compiled()
    {
        const int depth = 5_000;
        Assert.Equal(3, Start(Repeat("block ", depth) + $"local.get 0 br_if {depth - 1} " + Repeat("end ", depth) + "i32.const 3")(1));
    }

    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    public void As_many_parameters_and_results_as_are_allowed_pass(int parameters, int results)
    {
        var pass = string.Concat(Enumerable.Range(0, results).Select(i => $"local.get {i % parameters} "));
        var instance = Instantiate(new ModuleText().Function(null, $"{Kinds(parameters)}->{Kinds(results)}", pass)
            .Function("run", "i32->i32", Repeat("local.get 0 ", parameters) + "call 0 " + Repeat("i32.add ", results - 1)));
        Assert.Equal(5 * results, instance.GetFunction<Func<int, int>>("run")(5));
    }

    [Theory]
    [InlineData(1_001, 1)]
    [InlineData(1, 65)]
    public void More_parameters_or_results_are_refused(int parameters, int results) =>
        Assert.Throws<InvalidModuleException>(() => new ModuleText().Function(null, $"{Kinds(parameters)}->{Kinds(results)}", "unreachable").Compile());

    [Fact]
    public void Many_functions_with_many_locals_are_refused_before_they_fill_the_memory()
    {
        var locals = string.Join(',', Enumerable.Repeat("i64", 1_000));
        var module = new ModuleText();
        for (var i = 0; i < 2_001; i++)
            module.Function(null, "->", "", locals);
        Assert.Contains("locals in all", Assert.Throws<InvalidModuleException>(() => module.Compile()).Message);
    }

    [Fact]
    public void Branches_that_carry_much_are_refused_before_they_fill_the_memory()
    {
        var results = Kinds(64);
        var code = Repeat("i32.const 1 ", 64) + Repeat("i32.const 0 br_if 0 ", 100_000);
        var refusal = Assert.Throws<InvalidModuleException>(() => new ModuleText().Function(null, $"->{results}", $"block ->{results} {code} end").Compile());
        Assert.Contains("too large", refusal.Message);
    }

    [Fact]
    public void Many_operands_below_many_assignments_are_compiled_in_time()
    {
        const int many = 20_000;
        var code = Repeat("local.get 1 ", many) + Repeat("local.get 0 i32.const 1 i32.add local.set 0 ", many) + Repeat("i32.add ", many - 1) + "drop local.get 0";
        Assert.Equal(many, Instantiate(new ModuleText().Function("run", "i32,i32->i32", code)).GetFunction<Func<int, int, int>>("run")(0, 1));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1536)]
    public void Deep_recursion_traps_on_a_thread_of_any_stack(int kibibytes)
    {
        var store = new Store(new StoreLimits { StackBytes = 64 << 20 });
        var instance = new Linker().Instantiate(store, new ModuleText().Function("run", "i64->i64", "local.get 0 i64.const 1 i64.add call 0 i64.const 3 i64.mul").Compile());
        var run = instance.GetFunction<Func<long, long>>("run");
        var thread = new Thread(() => Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(() => run(0)).Kind), kibibytes << 10);
        thread.Start();
        thread.Join();
    }

    [Fact]
    public async Task Deep_recursion_traps_on_pool_threads()
    {
        var module = new ModuleText().Function("run", "->", "call 0").Compile();
        await Parallel.ForAsync(0, 16, (_, _) =>
        {
            var run = new Linker().Instantiate(new Store(), module).GetFunction<Action>("run");
            Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(run).Kind);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Recursion_through_the_host_traps_too()
    {
        var linker = new Linker().Define("env", "again", (Instance caller) => caller.GetFunction<Action>("run")());
        var instance = linker.Instantiate(new Store(), new ModuleText().Import("env", "again", "->").Function("run", "->", "call 0").Compile());
        Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(instance.GetFunction<Action>("run")).Kind);
    }

    static Func<int, int> Start(string code) =>
        Instantiate(new ModuleText().Memory(1).Function("run", "i32->i32", code)).GetFunction<Func<int, int>>("run");

    static Instance Instantiate(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile());

    static string Kinds(int count) => string.Join(',', Enumerable.Repeat("i32", count));

    static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}

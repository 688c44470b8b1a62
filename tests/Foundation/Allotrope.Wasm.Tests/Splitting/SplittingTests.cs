using System.Reflection;
using System.Text;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Splitting;

/// <summary>Functions that are several methods behave as if they were one.</summary>
public sealed class SplittingTests
{
    /// <summary>Adds up bytes of the memory from an address on; the second loop divides by what it finds.</summary>
    const string Sum = """
        block loop
          local.get 0 i32.eqz br_if 1
          local.get 1 local.get 0 i32.load8_u i32.add local.set 1
          local.get 0 i32.const 1 i32.sub local.set 0
          br 0
        end end
        loop
          local.get 1 i32.const 3 i32.add local.set 1
          local.get 2 i32.const 1 i32.add local.set 2
          local.get 2 i32.const 10 i32.lt_u br_if 0
        end
        local.get 1
        """;

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    public void A_split_function_costs_the_same_fuel(int ilBytes)
    {
        var text = new ModuleText().Memory(1).Function("run", "i32->i32", Sum, "i32,i32");
        var (whole, split) = (new Store { Fuel = 10_000 }, new Store { Fuel = 10_000 });
        Assert.Equal(Run(text, whole, new() { Fuel = true }), Run(text, split, Splits.All(ilBytes) with { Fuel = true }));
        Assert.Equal(whole.Fuel, split.Fuel);
        Assert.NotEqual(10_000, split.Fuel);

        static int Run(ModuleText text, Store store, CompileOptions options) =>
            new Linker().Instantiate(store, text.Compile(options)).GetFunction<Func<int, int>>("run")(100);
    }

    [Fact]
    public void A_trap_in_a_part_names_its_function_once()
    {
        var module = new ModuleText()
            .Memory(1)
            .Function(null, "i32->i32", Sum, "i32,i32")
            .Function("run", "i32->i32", "local.get 0 call 0")
            .Compile(Splits.All(100));
        Assert.Contains(Parts(module), method => method.Name == "part0");
        var run = new Linker().Instantiate(new Store(), module).GetFunction<Func<int, int>>("run");
        var trap = Assert.Throws<Trap>(() => run(70_000));
        Assert.Equal(TrapKind.MemoryOutOfBounds, trap.Kind);
        Assert.Equal([0, 1], trap.WasmStack.Select(frame => frame.FunctionIndex));
    }

    [Fact]
    public void A_loop_in_a_part_can_be_interrupted()
    {
        var module = new ModuleText()
            .Import("host", "stop", "->")
            .Function("run", "->", "block block call 0 loop br 0 end end end")
            .Compile(Splits.All(20));
        Assert.NotEmpty(Parts(module));
        var store = new Store();
        var run = new Linker().Define("host", "stop", store.Interrupt).Instantiate(store, module).GetFunction<Action>("run");
        Assert.Equal(TrapKind.Interrupted, Assert.Throws<Trap>(run).Kind);
    }

    /// <summary>Far beyond each of RyuJIT's limits, in one block and in arms of a loop.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void A_function_too_large_to_be_optimised_is_split_and_computes_the_same(int arms)
    {
        const int Statements = 3_000;
        var code = new StringBuilder("loop ");
        for (var arm = 0; arm < arms; arm++)
            code.Append("block ");
        code.Append("local.get 0 br_table ").AppendJoin(',', Enumerable.Range(0, arms)).Append(",0 ");
        for (var arm = 0; arm < arms; arm++)
        {
            code.Append("end ");
            for (var i = 0; i < Statements / arms; i++)
                code.Append($"local.get 1 local.get 2 i32.load offset={1 + (i % 7)} i32.add i32.const {arm + i} i32.xor local.set 1 local.get 2 i32.const 4 i32.add local.set 2 ");
        }

        code.Append("local.get 0 i32.const 1 i32.sub local.tee 0 i32.const 0 i32.ge_s br_if 0 end local.get 1");
        var text = new ModuleText().Memory(16).Function("run", "i32->i32", code.ToString(), "i32,i32");
        var split = text.Compile();
        Assert.NotEmpty(Parts(split));
        var whole = text.Compile(new CompileOptions { MethodLimit = Splits.Limit(int.MaxValue) });
        Assert.Empty(Parts(whole));
        Assert.Equal(Run(whole), Run(split));

        int Run(Module module)
        {
            var instance = new Linker().Instantiate(new Store(), module);
            return instance.GetFunction<Func<int, int>>("run")(arms - 1);
        }
    }

    static IEnumerable<MethodInfo> Parts(Module module) =>
        module.Code.Code.GetMethods(BindingFlags.Static | BindingFlags.Public).Where(method => method.Name.StartsWith("part", StringComparison.Ordinal));
}

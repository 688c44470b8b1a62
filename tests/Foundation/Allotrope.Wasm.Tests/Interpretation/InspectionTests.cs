using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Interpretation;

public sealed class InspectionTests
{
    static readonly CompileOptions Interpreted = new() { Tier = Tier.Interpreted };

    [Fact]
    public void A_trap_shows_the_variables_and_operands_of_every_function()
    {
        var module = new ModuleText()
            .Function("outer", "i32->i32", "i64.const 7 local.set 1 i32.const 1 local.get 0 i32.const 2 i32.add call 1 i32.add", "i64")
            .Function(null, "i32->i32", "f64.const 1.5 local.get 0 i32.const 0 i32.div_s drop drop local.get 0");
        var trap = TrapOf(module, run => run(40));

        Assert.Equal([1, 0], trap.Inspected.Select(frame => frame.Frame.FunctionIndex));
        var (inner, outer) = (trap.Inspected[0], trap.Inspected[1]);
        Assert.Equal<Value>([42], inner.Locals);
        Assert.Equal<Value>([1.5, 42, 0], inner.Operands);
        Assert.Equal<Value>([40, 7L], outer.Locals);
        Assert.Equal<Value>([1], outer.Operands);
    }

    [Fact]
    public void A_frame_says_where_its_instruction_is()
    {
        var text = new ModuleText().Function("outer", "i32->i32", "nop unreachable");
        var binary = text.Build();
        var trap = TrapOf(text, run => run(0));
        Assert.Equal((byte)Opcode.Unreachable, binary[trap.Inspected[0].InstructionOffset]);
    }

    [Fact]
    public void References_and_vectors_are_shown()
    {
        var module = new ModuleText()
            .Function("outer", "i32->i32", "i32.const 9 ref.i31 local.set 1 v128.const 1 2 local.set 2 ref.null externref unreachable", "i31ref,v128");
        var frame = TrapOf(module, run => run(5)).Inspected[0];
        Assert.Equal([5, new I31(9)], new[] { frame.Locals[0].AsInt32(), frame.Locals[1].Reference });
        Assert.Equal(System.Runtime.Intrinsics.Vector128.Create(1L, 2L), System.Runtime.Intrinsics.Vector128.AsInt64(frame.Locals[2].AsVector128()));
        Assert.Null(Assert.Single(frame.Operands).Reference);
    }

    [Fact]
    public void Functions_on_both_sides_of_the_host_are_shown()
    {
        Function? inner = null;
        var linker = new Linker().Define("host", "again", (int value) => inner!.AsDelegate<Func<int, int>>()(value));
        var module = new ModuleText().Import("host", "again", "i32->i32")
            .Function("outer", "i32->i32", "local.get 0 call 0").Function("inner", "i32->i32", "unreachable").Compile(Interpreted);
        var store = new Store { InspectTraps = true };
        var instance = linker.Instantiate(store, module);
        inner = instance.GetFunction("inner");
        var trap = Assert.Throws<Trap>(() => instance.GetFunction<Func<int, int>>("outer")(3));
        Assert.Equal([2, 1], trap.Inspected.Select(frame => frame.Frame.FunctionIndex));
        Assert.Equal([2, 1], trap.WasmStack.Select(frame => frame.FunctionIndex));
    }

    [Fact]
    public void Nothing_is_kept_unless_the_store_says_so()
    {
        var instance = new Linker().Instantiate(new Store(), new ModuleText().Function("run", "->", "unreachable").Compile(Interpreted));
        Assert.Empty(Assert.Throws<Trap>(instance.GetFunction<Action>("run")).Inspected);
    }

    static Trap TrapOf(ModuleText module, Action<Func<int, int>> call)
    {
        var instance = new Linker().Instantiate(new Store { InspectTraps = true }, module.Compile(Interpreted));
        return Assert.Throws<Trap>(() => call(instance.GetFunction<Func<int, int>>("outer")));
    }
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Exceptions;

/// <summary>WebAssembly exceptions between guests and host.</summary>
public sealed class ExceptionTests
{
    /// <summary>Runs <paramref name="body"/> within a block that catches everything, and gives 1 when it caught something.</summary>
    static string CatchAll(string body) => $"block try_table catch_all:0 {body} end i32.const 0 return end i32.const 1";

    /// <summary>Found by damaged modules.</summary>
    [Theory]
    [InlineData("try_table catch_all:0 end")]
    [InlineData("try_table catch_all:0,catch:0:0 end")]
    [InlineData("try_table catch:0:0 end")]
    [InlineData("try_table catch_all:0 throw 0 end")]
    [InlineData("block i32.const 0 i32.load br_if 0 end block try_table catch:0:0 block try_table catch_all:1 nop end end end end")]
    public void A_function_that_does_nothing_but_catch_is_compiled(string code) =>
        new Linker().Instantiate(new Store(), new ModuleText().Memory(1).Tag("->").Function("run", "->", code).Compile(new() { Tier = Tier.Compiled })).GetFunction<Action>("run")();

    [Fact]
    public void One_that_no_guest_catches_reaches_the_host_with_what_it_carries()
    {
        var instance = Start(new ModuleText().Tag("i32,f64,externref->", export: "tag")
            .Function("run", "externref->", "i32.const 7 f64.const 1.5 local.get 0 throw 0"));
        var thrown = Assert.Throws<GuestException>(() => instance.GetFunction<Action<object>>("run")("thing"));
        Assert.Same(instance.GetTag("tag"), thrown.Tag);
        Assert.Equal([Value.FromInt32(7), Value.FromDouble(1.5), Value.FromObject("thing")], thrown.Values);
        Assert.Equal(0, Assert.Single(thrown.WasmStack).FunctionIndex);
    }

    [Fact]
    public void A_guest_catches_what_a_host_function_throws()
    {
        var tag = new Tag(ValueKind.I64);
        var linker = new Linker().Define("env", "tag", tag).Define("env", "f", void () => throw new GuestException(tag, 42L));
        var module = new ModuleText().ImportTag("env", "tag", "i64->").Import("env", "f", "->")
            .Function("run", "->i64", "block i64 try_table catch:0:0 call 0 end i64.const 0 end").Compile();
        Assert.Equal(42, linker.Instantiate(new Store(), module).GetFunction<Func<long>>("run")());
    }

    [Fact]
    public void Two_tags_of_the_same_type_are_not_the_same()
    {
        var module = new ModuleText().Tag("->").Tag("->").Function("run", "->", "block try_table catch:1:0 throw 0 end end");
        Assert.Throws<GuestException>(Start(module).GetFunction<Action>("run"));
    }

    [Fact]
    public void An_exception_crosses_modules_and_host_functions()
    {
        var store = new Store();
        var linker = new Linker();
        var thrower = linker.Instantiate(store, new ModuleText().Tag("i32->", export: "tag").Function("throw", "i32->", "local.get 0 throw 0").Compile());
        var calls = thrower.GetFunction<Action<int>>("throw");
        linker.Define("thrower", thrower).Define("env", "through", (int value) => calls(value));
        var module = new ModuleText().ImportTag("thrower", "tag", "i32->").Import("env", "through", "i32->")
            .Function("run", "i32->i32", "block i32 try_table catch:0:0 local.get 0 call 0 end i32.const 0 end").Compile();
        Assert.Equal(5, linker.Instantiate(store, module).GetFunction<Func<int, int>>("run")(5));
    }

    [Theory]
    [InlineData("unreachable", TrapKind.Unreachable)]
    [InlineData("i32.const 1 i32.const 0 i32.div_u drop", TrapKind.IntegerDivideByZero)]
    [InlineData("i32.const -1 i32.load drop", TrapKind.MemoryOutOfBounds)]
    [InlineData("call 1", TrapKind.StackExhausted)]
    [InlineData("call 2", TrapKind.InvalidConversionToInteger)]
    public void Traps_are_not_caught(string body, TrapKind kind)
    {
        var instance = Start(new ModuleText().Memory(1).Function("run", "->i32", CatchAll(body)).Function(null, "->", "call 1")
            .Function(null, "->", "f32.const NaN i32.trunc_f32_s drop"));
        Assert.Equal(kind, Assert.Throws<Trap>(() => instance.GetFunction<Func<int>>("run")()).Kind);
    }

    [Fact]
    public void Neither_are_other_exceptions_of_the_host()
    {
        var module = new ModuleText().Import("env", "f", "->").Function("run", "->i32", CatchAll("call 0")).Compile();
        var linker = new Linker().Define("env", "f", void () => throw new TimeoutException());
        Assert.Throws<TimeoutException>(() => linker.Instantiate(new Store(), module).GetFunction<Func<int>>("run")());
    }

    [Fact]
    public void Null_cannot_be_thrown() => Assert.Equal(
        TrapKind.NullReference, Assert.Throws<Trap>(Start(new ModuleText().Function("run", "->", "ref.null exn throw_ref")).GetFunction<Action>("run")).Kind);

    [Fact]
    public void What_was_caught_can_be_kept_and_thrown_again()
    {
        var module = new ModuleText().Tag("i32->").Global(ValueKind.ExnRef, "ref.null exn", mutable: true)
            .Function("catch", "->", "block exnref try_table catch_all_ref:0 i32.const 3 throw 0 end unreachable end global.set 0")
            .Function("throw", "->", "global.get 0 throw_ref");
        var instance = Start(module);
        instance.GetFunction<Action>("catch")();
        for (var again = 0; again < 2; again++)
            Assert.Equal(3, Assert.Throws<GuestException>(instance.GetFunction<Action>("throw")).Values[0].AsInt32());
    }

    [Theory]
    [InlineData("block try_table catch_all:0 local.get 0 return_call 1 end end i32.const -1")]
    [InlineData("block try_table catch_all:0 local.get 0 i32.const 0 return_call_indirect i32->i32 end end i32.const -1")]
    [InlineData("block try_table catch_all:0 i32.const 1 br_if 1 end i32.const -1 return end local.get 0 return_call 1")]
    [InlineData("block try_table catch_all:0 local.get 0 br_table 1,1,1 end end local.get 0 return_call 1")]
    public void A_protected_block_can_be_left_by_calls_and_branches(string code)
    {
        var module = new ModuleText().Tag("->").Table(1).Elements(0, 1)
            .Function("run", "i32->i32", code)
            .Function(null, "i32->i32", "local.get 0 i32.eqz if throw 0 end local.get 0 i32.const 1 i32.sub return_call 0");
        // Each call left its block, so nobody catches what the last one throws.
        Assert.Throws<GuestException>(() => Start(module).GetFunction<Func<int, int>>("run")(100_000));
    }

    [Fact]
    public void Locals_have_the_values_of_the_time_of_the_throw()
    {
        var module = new ModuleText().Tag("->").Function("run", "->i32",
            "block try_table catch:0:0 i32.const 1 local.set 0 call 1 i32.const 2 local.set 0 throw 0 end end local.get 0", "i32").Function(null, "->", "");
        Assert.Equal(2, Start(module).GetFunction<Func<int>>("run")());
    }

    [Fact]
    public void A_host_exception_must_carry_what_its_tag_says()
    {
        var tag = new Tag(ValueKind.I32, WasmType.Reference(ValueKind.ExternRef, nullable: false));
        Assert.Throws<ArgumentException>(() => new GuestException(tag, 1));
        Assert.Throws<ArgumentException>(() => new GuestException(tag, 1L, Value.FromObject("x")));
        Assert.Throws<InvalidOperationException>(() => new GuestException(tag, 1, Value.FromObject(null)));
        Assert.Equal(1, new GuestException(tag, 1, Value.FromObject("x")).Values[0].AsInt32());
    }

    static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile());
}

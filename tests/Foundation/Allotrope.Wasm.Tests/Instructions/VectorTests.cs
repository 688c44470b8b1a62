using System.Runtime.Intrinsics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>What the official tests of vectors leave out: how they travel, and code in which instructions meet.</summary>
public sealed class VectorTests
{
    static readonly Vector128<byte> Ascending = Vector128.CreateSequence<byte>(0, 1);

    [Fact]
    public void A_variable_that_was_an_argument_beside_a_vector_keeps_its_value_for_operands_before_it_changes()
    {
        var module = new ModuleText().Function(null, "i64,i64,v128->", "").Function(
            "run", "v128->i64", "i64.const 5 local.set 1 local.get 1 local.get 1 local.get 0 call 0 local.get 1 i64.const 7 local.set 1", "i64").Compile();
        var result = new Value[1];
        new Linker().Instantiate(new Store(), module).GetFunction("run").Invoke([Value.FromVector128(Vector128<byte>.Zero)], result);
        Assert.Equal(5, result[0].AsInt64());
    }

    [Fact]
    public void A_typed_call_takes_and_gives_vectors_without_allocating()
    {
        var twice = Guest.Function<Func<Vector128<byte>, Vector128<byte>>>("v128->v128", "local.get 0 local.get 0 i8x16.add");
        Assert.Equal(Ascending + Ascending, twice(Ascending));
        for (var i = 0; i < 1_000; i++) twice(Ascending); // until the runtime's own tiers have settled
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) twice(Ascending);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Vectors_go_through_several_results_blocks_and_selects()
    {
        var instance = Guest.Instance("i32,v128->v128,i32,v128", """
            local.get 1 v128.not local.get 1 local.get 0 select
            loop v128->v128 local.get 0 i32.const 1 i32.sub local.tee 0 i32.const 0 i32.gt_s br_if 0 end
            local.get 0
            v128.const 7 8
            """);
        var results = new Value[3];
        instance.GetFunction("run").Invoke([3, Value.FromVector128(Ascending)], results);
        Assert.Equal(~Ascending, results[0].AsVector128());
        Assert.Equal(Vector128.Create(7L, 8).AsByte(), results[2].AsVector128());
    }

    [Fact]
    public void A_host_function_takes_and_gives_vectors()
    {
        var linker = new Linker();
        linker.Define("host", "swap", (Vector128<byte> a, int b, Vector128<byte> c) => (c, b, a));
        var module = new ModuleText().Import("host", "swap", "v128,i32,v128->v128,i32,v128")
            .Function("run", "v128->v128", "local.get 0 i32.const 5 v128.const 1 1 call 0 drop drop").Compile();
        var run = linker.Instantiate(new Store(), module).GetFunction<Func<Vector128<byte>, Vector128<byte>>>("run");
        Assert.Equal(Vector128.Create(1L).AsByte(), run(Ascending));
    }

    [Fact]
    public void A_global_holds_a_vector_that_the_host_reads_and_writes()
    {
        var instance = Guest.Start(new ModuleText()
            .Global(ValueKind.V128, "v128.const 3 4", mutable: true, export: "g")
            .Function("run", "->", "global.get 0 global.get 0 i64x2.add global.set 0"));
        instance.GetFunction<Action>("run")();
        var global = instance.GetGlobal("g");
        Assert.Equal(Vector128.Create(6L, 8).AsByte(), global.Value.AsVector128());
        global.Value = Value.FromVector128(Ascending);
        instance.GetFunction<Action>("run")();
        Assert.Equal((Ascending.AsInt64() + Ascending.AsInt64()).AsByte(), global.Value.AsVector128());
    }

    [Fact]
    public void Instructions_on_other_lanes_than_their_operands_came_from_see_the_same_bits()
    {
        var run = Guest.Function<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>>>("v128,v128->v128", """
            local.get 0 local.get 1 f32x4.add
            local.get 1 local.get 0 i16x8.mul
            i64x2.sub
            local.get 0 i32x4.neg v128.xor
            """);
        var other = Vector128.Create((byte)0x3F);
        var sum = (Ascending.AsSingle() + other.AsSingle()).AsInt64();
        var product = (other.AsInt16() * Ascending.AsInt16()).AsInt64();
        Assert.Equal((sum - product).AsByte() ^ (-Ascending.AsInt32()).AsByte(), run(Ascending, other));
    }

    [Theory]
    [InlineData("f32x4.mul", 0x3f80_0000_3f80_0000)]
    [InlineData("f32x4.add", 0)]
    [InlineData("f32x4.div", 0x3f80_0000_3f80_0000)]
    [InlineData("f32x4.sub", 0)]
    public void Arithmetic_that_changes_no_number_still_makes_a_signalling_NaN_quiet(string instruction, long constant)
    {
        var run = Guest.Function<Func<Vector128<byte>, Vector128<byte>>>("v128->v128", $"local.get 0 v128.const {constant} {constant} {instruction}");
        var signalling = Vector128.Create(0x7FA0_0000).AsByte();
        Assert.Equal(Vector128.Create(0x7FE0_0000).AsByte(), run(signalling));
    }

    [Theory]
    [InlineData("i8x16.shl", 9, 1)]
    [InlineData("i16x8.shl", 17, 1)]
    [InlineData("i32x4.shl", -31, 1)]
    [InlineData("i64x2.shl", 65, 1)]
    public void Constant_shifts_count_modulo_the_width(string instruction, int count, int same)
    {
        var long_ = Guest.Function<Func<Vector128<byte>, Vector128<byte>>>("v128->v128", $"local.get 0 i32.const {count} {instruction}");
        var short_ = Guest.Function<Func<Vector128<byte>, Vector128<byte>>>("v128->v128", $"local.get 0 i32.const {same} {instruction}");
        Assert.Equal(short_(Ascending), long_(Ascending));
    }

    [Fact]
    public void A_vector_access_at_the_end_of_memory_traps_when_one_byte_is_outside()
    {
        var instance = Guest.Instance("i32->v128", "local.get 0 v128.load offset=4");
        var load = instance.GetFunction<Func<int, Vector128<byte>>>("run");
        Assert.Equal(default, load(65536 - 20));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => load(65536 - 19)));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => load(-1)));
    }

    [Theory]
    [InlineData("i32x4.extract_lane 4")]
    [InlineData("i8x16.extract_lane_u 16")]
    public void A_lane_that_a_vector_does_not_have_is_refused(string instruction) =>
        Assert.Contains("invalid lane index", Assert.Throws<InvalidModuleException>(() =>
            new ModuleText().Function("run", "v128->i32", $"local.get 0 {instruction}").Compile()).Message);

    /// <summary>RyuJIT lost arguments beside vectors that were just computed, and ended the process.</summary>
    [Theory]
    [InlineData("i32.const 0 i32.load i32x4.splat")]
    [InlineData("i32.const 8 v128.load")]
    [InlineData("i32.const 8 v128.load i32.const 8 v128.load i32x4.add")]
    [InlineData("local.get 0 i32x4.splat")]
    [InlineData("v128.const 272245286538 5803161147 v128.const -3262668370146754560 4757490057474998272 f64x2.pmax")]
    [InlineData("v128.const 34359738453 5002750513079386368 i16x8.extend_high_i8x16_s")]
    [InlineData("i32.const 7 i32x4.splat")]
    public void Vectors_made_for_a_call_arrive_with_what_is_beside_them(string made)
    {
        var module = new ModuleText().Memory(1).Function("run", "i32->i32", $"i32.const 4 i32.const 9 i32.store {made} i32.const 4 i32.load local.get 0 {made} call 1")
            .Function(null, "v128,i32,i32,v128->i32", "local.get 0 local.get 3 i8x16.eq i8x16.all_true local.get 1 i32.const 10 i32.mul i32.add local.get 2 i32.const 1000 i32.mul i32.add");
        Assert.Equal(5_091, new Linker().Instantiate(new Store(), module.Compile()).GetFunction<Func<int, int>>("run")(5));
    }

    [Theory]
    [InlineData("")]
    [InlineData("br 0")]
    [InlineData("local.get 0 br_if 0 unreachable")]
    [InlineData("local.get 0 i32.eqz br_if 0")]
    [InlineData("i32.const 8 i32.load br_table 0 0")]
    [InlineData("ref.null func br_on_null 0 unreachable")]
    public void Vectors_made_for_a_return_arrive_with_what_is_beside_them(string leaving)
    {
        const string made = "i32.const 8 v128.load i32.const 8 v128.load i32x4.add";
        const string taken = "local.set 1 local.set 2 local.set 3 local.get 1 i8x16.eq i8x16.all_true local.get 2 i32.const 10 i32.mul i32.add local.get 3 i32.const 1000 i32.mul i32.add";
        var operands = $"{made} local.get 0 i32.const 4 i32.load {made}";
        var module = new ModuleText().Types("->v128,i32,i32,v128").Memory(1)
            .Function("run", "i32->i32", $"i32.const 4 i32.const 9 i32.store i32.const 8 i32.const 3 i32.store local.get 0 call 2 {taken}", "v128,i32,i32")
            .Function("inner", "i32->i32", $"i32.const 4 i32.const 9 i32.store i32.const 8 i32.const 3 i32.store block 0 {operands} {leaving} end {taken}", "v128,i32,i32")
            .Function(null, "i32->v128,i32,i32,v128", $"{operands} {leaving}");
        var instance = new Linker().Instantiate(new Store(), module.Compile());
        Assert.Equal(5_091, instance.GetFunction<Func<int, int>>("run")(5));
        Assert.Equal(5_091, instance.GetFunction<Func<int, int>>("inner")(5));
    }
}

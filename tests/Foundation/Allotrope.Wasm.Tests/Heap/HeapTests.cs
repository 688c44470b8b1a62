using System.Runtime.Intrinsics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Heap;

/// <summary>Structs, arrays and small integers between guests and host.</summary>
public sealed class HeapTests
{
    static readonly StructType Point = StructType.Of(new FieldType(ValueKind.I32, IsMutable: true), new FieldType(ValueKind.F64));

    [Fact]
    public void The_host_reads_and_writes_what_a_guest_made()
    {
        var instance = Start(new ModuleText().Types("struct:mut_i32,f64").Function("make", "i32->ref:0", "local.get 0 f64.const 2.5 struct.new 0")
            .Function("read", "ref:0->i32", "local.get 0 struct.get 0 0"));
        var made = Assert.IsType<GuestStruct>(instance.GetFunction<Func<int, object>>("make")(41), exactMatch: false);
        Assert.Same(Point, made.Type);
        Assert.Equal([41, 2.5], new[] { made[0], made[1] });
        made[0] = 42;
        Assert.Equal(42, instance.GetFunction<Func<object, int>>("read")(made));
        Assert.Throws<InvalidOperationException>(() => made[1] = 1.5);
        Assert.Throws<InvalidOperationException>(() => made[0] = 1.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => made[2]);
    }

    [Fact]
    public void A_guest_reads_what_the_host_made()
    {
        var instance = Start(new ModuleText().Types("struct:mut_i32,f64").Types("array:mut_i16")
            .Function("point", "ref:0->f64", "local.get 0 struct.get 0 1")
            .Function("last", "ref:1->i32", "local.get 0 local.get 0 array.len i32.const 1 i32.sub array.get_s 1"));
        Assert.Equal(7.5, instance.GetFunction<Func<object, double>>("point")(GuestStruct.Create(Point, 1, 7.5)));
        var shorts = GuestArray.Create(ArrayType.Of(new FieldType(ValueKind.I32, IsMutable: true, Packing.I16)), 1, 0x1ffff);
        Assert.Equal(-1, instance.GetFunction<Func<object, int>>("last")(shorts));
        Assert.Equal(0xffff, shorts[1].AsInt32());
        shorts[1] = 3;
        Assert.Equal(3, instance.GetFunction<Func<object, int>>("last")(shorts));
    }

    [Fact]
    public void What_is_of_another_type_is_not_let_in()
    {
        var instance = Start(new ModuleText().Types("struct:mut_i32,f64").Function("read", "ref:0->i32", "local.get 0 struct.get 0 0"));
        var typed = instance.GetFunction<Func<object?, int>>("read");
        foreach (var stranger in new object?[] { null, "text", new I31(1), GuestStruct.Create(StructType.Of(new FieldType(ValueKind.I64)), 1L) })
        {
            Assert.Throws<InvalidOperationException>(() => typed(stranger));
            Assert.Throws<InvalidOperationException>(
                () => instance.GetFunction("read").Invoke([Value.FromReference(ValueKind.StructRef, stranger)], new Value[1]));
        }
    }

    [Fact]
    public void Vectors_are_kept_in_structs_and_arrays()
    {
        var instance = Start(new ModuleText().Types("struct:i32,mut_v128").Types("array:mut_v128")
            .Function("run", "v128->v128", "i32.const 1 local.get 0 struct.new 0 struct.get 0 1 i32.const 3 array.new 1 i32.const 2 array.get 1"));
        var vector = Vector128.Create((byte)7);
        Assert.Equal(vector, instance.GetFunction<Func<Vector128<byte>, Vector128<byte>>>("run")(vector));
        var made = GuestStruct.Create((StructType)instance.Module.Types[0], 1, Value.FromVector128(vector));
        Assert.Equal(vector, made[1].AsVector128());
    }

    [Fact]
    public void Structs_of_one_module_are_those_of_another()
    {
        var store = new Store();
        var maker = new Linker().Instantiate(store, new ModuleText().Types("open struct:i32").Types("sub=0 struct:i32,i64")
            .Function("make", "->anyref", "i32.const 5 i64.const 6 struct.new 1").Compile());
        var reader = new Linker().Instantiate(store, new ModuleText().Types("open struct:i32").Types("array:i8").Types("sub=0 struct:i32,i64")
            .Function("read", "anyref->i64", "local.get 0 ref.cast 2 struct.get 2 1")
            .Function("readSuper", "anyref->i32", "local.get 0 ref.cast 0 struct.get 0 0").Compile());
        var made = maker.GetFunction<Func<object>>("make")();
        Assert.Equal(6, reader.GetFunction<Func<object, long>>("read")(made));
        Assert.Equal(5, reader.GetFunction<Func<object, int>>("readSuper")(made));
    }

    [Fact]
    public void A_module_may_have_more_layouts_of_structs_than_are_generated_together()
    {
        const int Layouts = 130;
        var text = new ModuleText();
        for (var i = 0; i < Layouts; i++)
            text.Types($"struct:{string.Join(',', Fields(i))}");
        for (var i = 0; i < Layouts; i++)
            text.Function($"last{i}", "->i32", $"{string.Join(' ', Fields(i).Select(field => $"{field}.const 7"))} struct.new {i} struct.get {i} {Fields(i).Length - 1}");
        var instance = Start(text);
        for (var i = 0; i < Layouts; i++)
            Assert.Equal(7, instance.GetFunction<Func<int>>($"last{i}")());

        // The bits of a number, and a last field of one kind
        static string[] Fields(int number) => [.. Enumerable.Range(0, 8).Select(bit => (number >> bit & 1) == 0 ? "i64" : "f64"), "i32"];
    }

    [Fact]
    public void A_host_function_takes_and_gives_what_its_type_says()
    {
        var (point, made) = (WasmType.Reference(Point, nullable: false), GuestStruct.Create(Point, 5, 1.0));
        object? given = made;
        var linker = new Linker().Define("env", "same", (object value) => given, FunctionType.Of([point], [point]))
            .Define("env", "both", (object value) => (7, given), FunctionType.Of([ValueKind.AnyRef], [ValueKind.I32, point]));
        var instance = linker.Instantiate(new Store(), new ModuleText().Types("struct:mut_i32,f64").Import("env", "same", "ref:0->ref:0")
            .Import("env", "both", "anyref->i32,ref:0")
            .Function("run", "->i32", "i32.const 6 f64.const 2 struct.new 0 call 0 struct.get 0 0")
            .Function("runBoth", "->i32", "ref.null any call 1 struct.get 0 0 i32.add").Compile());
        Assert.Equal(5, instance.GetFunction<Func<int>>("run")());
        Assert.Equal(12, instance.GetFunction<Func<int>>("runBoth")());
        foreach (var wrong in new object?[] { null, "text", new I31(1) })
        {
            given = wrong;
            Assert.Throws<InvalidOperationException>(() => instance.GetFunction<Func<int>>("run")());
            Assert.Throws<InvalidOperationException>(() => instance.GetFunction<Func<int>>("runBoth")());
        }
    }

    [Fact]
    public void A_delegate_must_fit_the_type_it_is_declared_with()
    {
        Assert.Throws<ArgumentException>(() => Function.FromDelegate((int value) => value, FunctionType.Of([ValueKind.I64], [ValueKind.I32])));
        Assert.Throws<ArgumentException>(() => Function.FromDelegate((Function value) => { }, FunctionType.Of([ValueKind.AnyRef], [])));
    }

    [Fact]
    public void Tables_and_globals_of_the_host_hold_what_their_type_says()
    {
        var store = new Store();
        var points = new Table(store, WasmType.Reference(Point, nullable: false), new Limits(2), GuestStruct.Create(Point, 1, 2.0));
        Assert.Throws<ArgumentException>(() => points[0] = null);
        Assert.Throws<ArgumentException>(() => points[0] = "text");
        Assert.Throws<ArgumentException>(() => new Table(store, WasmType.Reference(Point, nullable: false), new Limits(2)));
        var global = new Global(ValueKind.EqRef, Value.FromReference(ValueKind.I31Ref, new I31(3)), mutable: true);
        global.Value = Value.FromReference(ValueKind.StructRef, points[1]);
        Assert.Throws<InvalidOperationException>(() => global.Value = Value.FromReference(ValueKind.AnyRef, "text"));
        Assert.Throws<InvalidOperationException>(() => global.Value = Value.FromObject(points[1]));
    }

    [Fact]
    public void A_function_in_a_struct_can_be_called()
    {
        var module = new ModuleText().Types("i32->i32").Types("struct:ref:0").Table(1).Elements(0, 0)
            .Function("twice", "i32->i32", "local.get 0 i32.const 2 i32.mul")
            .Function("run", "i32->i32", "local.get 0 ref.func 0 struct.new 1 struct.get 1 0 call_ref 0");
        Assert.Equal(42, Start(module).GetFunction<Func<int, int>>("run")(21));
    }

    [Theory]
    [InlineData("local.get 0 ref.i31 local.get 0 ref.i31 ref.eq", 1)]
    [InlineData("local.get 0 ref.i31 i32.const 5 ref.i31 ref.eq", 0)]
    [InlineData("local.get 0 ref.i31 i31.get_s", -1)]
    [InlineData("local.get 0 ref.i31 i31.get_u", int.MaxValue)]
    [InlineData("local.get 0 ref.i31 extern.convert_any any.convert_extern ref.test i31", 1)]
    public void Small_integers_are_the_same_when_equal(string code, int result) =>
        Assert.Equal(result, Start(new ModuleText().Function("run", "i32->i32", code)).GetFunction<Func<int, int>>("run")(-1));

    [Fact]
    public void Casts_find_supertypes_at_any_depth()
    {
        var module = new ModuleText().Types("open struct:i32");
        for (var depth = 1; depth <= 20; depth++) module.Types($"open sub={depth - 1} struct:i32");
        module.Function("make", "->anyref", "i32.const 1 struct.new 12");
        for (var depth = 0; depth <= 20; depth++) module.Function($"is{depth}", "anyref->i32", $"local.get 0 ref.test {depth}");
        var instance = Start(module);
        var made = instance.GetFunction<Func<object>>("make")();
        for (var depth = 0; depth <= 20; depth++)
            Assert.Equal(depth <= 12 ? 1 : 0, instance.GetFunction<Func<object, int>>($"is{depth}")(made));
    }

    [Theory]
    [InlineData("ref.null 0 struct.get 0 0 drop", TrapKind.NullReference)]
    [InlineData("ref.null any ref.cast 0 drop", TrapKind.CastFailure)]
    [InlineData("i32.const 3 ref.i31 ref.cast 0 drop", TrapKind.CastFailure)]
    [InlineData("i32.const 3 array.new_default 1 i32.const 3 array.get 1 drop", TrapKind.ArrayOutOfBounds)]
    [InlineData("i32.const 3 array.new_default 1 i32.const -1 i64.const 1 array.set 1", TrapKind.ArrayOutOfBounds)]
    [InlineData("i32.const 3 array.new_default 1 i32.const 2 i64.const 1 i32.const 2 array.fill 1", TrapKind.ArrayOutOfBounds)]
    [InlineData("ref.null 1 i32.const 0 i64.const 1 i32.const 0 array.fill 1", TrapKind.NullReference)]
    public void What_cannot_be_done_traps(string code, TrapKind kind)
    {
        var run = Start(new ModuleText().Types("struct:i32").Types("array:mut_i64").Function("run", "->", code)).GetFunction<Action>("run");
        Assert.Equal(kind, Assert.Throws<Trap>(run).Kind);
    }

    [Fact]
    public void Reading_and_casting_allocates_nothing()
    {
        var instance = Start(new ModuleText().Types("open struct:i32").Types("sub=0 struct:i32,i64")
            .Function("make", "->anyref", "i32.const 5 i64.const 6 struct.new 1")
            .Function("read", "anyref->i32", "local.get 0 ref.cast 0 struct.get 0 0"));
        var made = instance.GetFunction<Func<object>>("make")();
        var read = instance.GetFunction<Func<object, int>>("read");
        for (var i = 0; i < 10_000; i++) read(made); // until everything is compiled and the runtime's own tiers have settled
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) read(made);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile());
}

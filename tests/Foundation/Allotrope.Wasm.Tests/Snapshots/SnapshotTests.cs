using System.Runtime.Intrinsics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Snapshots;

/// <summary>An instance comes back as it was, from bytes.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void Memories_come_back_with_what_was_written_and_with_their_size()
    {
        var module = new ModuleText().Memory(1, 5, export: "memory").Bytes(100, 1, 2, 3, 4)
            .Function("run", "->i32", "i32.const 2 memory.grow drop i32.const 101 i32.const 0 i32.store8 i32.const 150000 i32.const 77 i32.store memory.size").Compile();
        var instance = Start(module);
        instance.GetFunction<Func<int>>("run")();
        instance.GetMemory("memory").Write(65535, (byte)9);
        var restored = Again(instance);
        var memory = restored.GetMemory("memory");
        Assert.Equal(instance.GetMemory("memory").Span, memory.Span);
        Assert.Equal(3u, memory.PageCount);
        Assert.Equal(5, restored.GetFunction<Func<int>>("run")());
        Assert.Equal(5u, memory.PageCount);
    }

    [Fact]
    public void Only_what_differs_from_the_module_is_kept()
    {
        var bytes = new byte[60_000];
        new Random(5).NextBytes(bytes);
        var instance = Start(new ModuleText().Memory(16, export: "memory").Bytes(0, bytes).Compile());
        var untouched = Snapshot.Capture(instance).ToArray().Length;
        Assert.InRange(untouched, 0, 200);
        instance.GetMemory("memory").Write(500_000, long.MaxValue);
        Assert.InRange(Snapshot.Capture(instance).ToArray().Length, untouched, untouched + 32);
    }

    [Fact]
    public void Variables_of_every_type_come_back()
    {
        var module = new ModuleText().Global(ValueKind.I32, "i32.const 1", mutable: true).Global(ValueKind.I64, "i64.const 2", mutable: true)
            .Global(ValueKind.F32, "f32.const 3", mutable: true, export: "f32").Global(ValueKind.F64, "f64.const 4", mutable: true)
            .Global(ValueKind.V128, "v128.const 1 2", mutable: true, export: "v128").Global(ValueKind.FuncRef, "ref.null func", mutable: true)
            .Global(ValueKind.AnyRef, "ref.null any", mutable: true)
            .Function("set", "->", """
                i32.const -5 global.set 0 i64.const -6 global.set 1 f32.const NaN global.set 2 f64.const -0.5 global.set 3
                v128.const 7 8 global.set 4 ref.func 0 global.set 5 i32.const -9 ref.i31 global.set 6
                """)
            .Function("read", "->i32,i64,f32,f64,anyref", "global.get 0 global.get 1 global.get 2 global.get 3 global.get 6").Compile();
        var instance = Start(module);
        instance.GetFunction<Action>("set")();
        var restored = Again(instance);
        var results = new Value[5];
        restored.GetFunction("read").Invoke([], results);
        Assert.Equal([-5, -6L, float.NaN, -0.5], results[..4]);
        Assert.Equal(new I31(-9), results[4].AsObject());
        Assert.Equal(Vector128.Create(7L, 8L).AsByte(), restored.GetGlobal("v128").Value.AsVector128());
        Assert.True(float.IsNaN(restored.GetGlobal("f32").Value.AsSingle()));
        Assert.Equal(Snapshot.Capture(instance).ToArray(), Snapshot.Capture(restored).ToArray());
    }

    [Fact]
    public void Tables_come_back_with_their_functions()
    {
        var module = new ModuleText().Import("env", "host", "->i32").Table(2, 100, export: "table").Elements(0, 0, 1)
            .Function("seven", "->i32", "i32.const 7")
            .Function("grow", "->", "ref.func 2 i32.const 50 table.grow 0 drop i32.const 1 ref.null func table.set 0")
            .Function("call", "i32->i32", "local.get 0 call_indirect ->i32").Compile();
        var linker = new Linker().Define("env", "host", () => 40);
        var instance = linker.Instantiate(new Store(), module);
        instance.GetFunction<Action>("grow")();
        var restored = Again(instance, new Linker().Define("env", "host", () => 41));
        var call = restored.GetFunction<Func<int, int>>("call");
        Assert.Equal(41, call(0));
        Assert.Equal(TrapKind.UninitializedElement, Assert.Throws<Trap>(() => call(1)).Kind);
        Assert.Equal(TrapKind.IndirectCallTypeMismatch, Assert.Throws<Trap>(() => call(2)).Kind);
        Assert.Equal(52, restored.GetTable("table").Count);
    }

    [Fact]
    public void Dropped_segments_stay_dropped()
    {
        var module = new ModuleText().Memory(1, export: "memory").DataCount(2).Passive(1, 2).Passive(3, 4)
            .Function("drop", "->", "data.drop 0").Function("init", "i32->", "i32.const 0 i32.const 0 local.get 0 memory.init 0")
            .Function("initOther", "i32->", "i32.const 0 i32.const 0 local.get 0 memory.init 1").Compile();
        var instance = Start(module);
        instance.GetFunction<Action>("drop")();
        var restored = Again(instance);
        Assert.Throws<Trap>(() => restored.GetFunction<Action<int>>("init")(1));
        restored.GetFunction<Action<int>>("initOther")(2);
        Assert.Equal(4, restored.GetMemory("memory").Read<byte>(1));
    }

    [Fact]
    public void Objects_come_back_as_the_graph_they_were()
    {
        // A ring of two nodes and an array that holds one of them twice
        var module = new ModuleText().Types("struct:mut_i32,mut_anyref,mut_i8").Types("array:mut_anyref").Types("array:mut_f64")
            .Global(ValueKind.AnyRef, "ref.null any", mutable: true).Global(ValueKind.AnyRef, "ref.null any", mutable: true)
            .Function("make", "->", """
                i32.const 1 ref.null any i32.const 200 struct.new 0 local.set 0
                i32.const 2 local.get 0 i32.const 3 struct.new 0 local.set 1
                local.get 0 ref.cast 0 local.get 1 struct.set 0 1
                local.get 1 global.set 0
                local.get 0 local.get 0 f64.const 2.5 i32.const 3 array.new 2 array.new_fixed 1 3 global.set 1
                """, locals: "anyref,anyref")
            .Function("read", "->i32,i32,i32", """
                global.get 0 ref.cast 0 struct.get 0 1 ref.cast 0 struct.get 0 1 ref.cast 0 struct.get 0 0
                global.get 1 ref.cast 1 i32.const 0 array.get 1 ref.cast 0 struct.get_u 0 2
                global.get 1 ref.cast 1 i32.const 0 array.get 1 ref.cast eq global.get 0 ref.cast 0 struct.get 0 1 ref.cast eq ref.eq
                """).Compile();
        var instance = Start(module);
        instance.GetFunction<Action>("make")();
        var restored = Again(instance);
        var results = new Value[3];
        restored.GetFunction("read").Invoke([], results);
        Assert.Equal([2, 200, 1], results);
        Assert.Equal(Snapshot.Capture(instance).ToArray(), Snapshot.Capture(restored).ToArray());
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_objects_needs_no_stack()
    {
        var module = new ModuleText().Types("struct:anyref").Global(ValueKind.AnyRef, "ref.null any", mutable: true)
            .Function("make", "i32->", "loop global.get 0 struct.new 0 global.set 0 local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end")
            .Function("length", "->i32", """
                global.get 0 local.set 0 block loop local.get 0 ref.is_null br_if 1 local.get 0 ref.cast 0 struct.get 0 0 local.set 0
                local.get 1 i32.const 1 i32.add local.set 1 br 0 end end local.get 1
                """, locals: "anyref,i32").Compile();
        var instance = Start(module);
        instance.GetFunction<Action<int>>("make")(100_000);
        Assert.Equal(100_000, Again(instance).GetFunction<Func<int>>("length")());
    }

    [Fact]
    public void What_the_instance_imports_gets_its_contents_back()
    {
        var module = new ModuleText().ImportMemory("env", "memory", 1).ImportGlobal("env", "count", ValueKind.I32, mutable: true)
            .ImportGlobal("env", "base", ValueKind.I32).Function("run", "->", "i32.const 8 i32.const 5 i32.store i32.const 6 global.set 0").Compile();
        var instance = Linker(1000).Instantiate(_store, module);
        instance.GetFunction<Action>("run")();
        var snapshot = Snapshot.Capture(instance);
        var linker = Linker(1000);
        var restored = snapshot.Restore(_store, module, linker);
        Assert.Equal(5, restored.Memories[0].Read<int>(8));
        Assert.Equal(6, restored.Globals[0]!.Value.AsInt32());
        var refused = Assert.Throws<SnapshotException>(() => snapshot.Restore(_store, module, Linker(1001)));
        Assert.Contains("imported global 1 was i32 1000", refused.Message);
    }

    [Fact]
    public void Fuel_comes_back()
    {
        var module = new ModuleText().Function("run", "->", "nop nop").Compile(new CompileOptions { Fuel = true });
        var instance = new Linker().Instantiate(new Store { Fuel = 1000 }, module);
        instance.GetFunction<Action>("run")();
        Assert.Equal(instance.Store.Fuel, Again(instance).Store.Fuel);
    }

    readonly Store _store = new();

    Linker Linker(int memoryBase) => new Linker().Define("env", "memory", new Memory(_store, new Limits(1)))
        .Define("env", "count", new Global(0, mutable: true)).Define("env", "base", new Global(memoryBase));

    static Instance Start(Module module) => new Linker().Instantiate(new Store(), module);

    static Instance Again(Instance instance, Linker? linker = null) =>
        Snapshot.Read(Snapshot.Capture(instance).ToArray()).Restore(new Store(), instance.Module, linker ?? new Linker());
}

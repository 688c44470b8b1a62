using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Endurance;

/// <summary>Guests that want all there is, each in its own way, and guests that only want to answer. Every module exports <c>run</c>.</summary>
static class HostileGuests
{
    const int Many = 1_000;

    public static IReadOnlyList<(string Name, Module Module)> Hostile { get; } =
    [
        ("loop", Module("loop br 0 end")),
        ("recursion", Module("call 0")),
        ("recursion with arguments", new ModuleText().Function("run", "->", "i64.const 1 i64.const 2 call 1 drop")
            .Function(null, "i64,i64->i64", "local.get 0 local.get 1 i64.add local.get 0 call 1 local.get 1 i64.mul").Compile()),
        ("indirect recursion", new ModuleText().Table(2).Elements(0, 0, 1).Function("run", "->", "i32.const 1 call_indirect ->")
            .Function(null, "->", "i32.const 0 call_indirect ->").Compile()),
        ("tail calls", Module("return_call 0")),
        ("tail calls with arguments", new ModuleText().Function("run", "->", "i64.const 1 i64.const 2 i32.const 3 call 1")
            .Function(null, "i64,i64,i32->", "local.get 1 local.get 0 local.get 2 return_call 1").Compile()),
        ("memory bomb", new ModuleText().Memory(0)
            .Function("run", "->", "loop i32.const 1 memory.grow drop memory.size if memory.size i32.const 16 i32.shl i32.const 4 i32.sub i32.const 7 i32.store end br 0 end").Compile()),
        ("memory filled", new ModuleText().Memory(8).Function("run", "->", "loop i32.const 0 i32.const 7 i32.const 524288 memory.fill br 0 end").Compile()),
        ("table bomb", new ModuleText().Table(0).Function("run", "->", "loop ref.null funcref i32.const 100 table.grow 0 drop br 0 end").Compile()),
        ("giant frames", new ModuleText().Function("run", "->", "call 0 local.get 999 drop", string.Join(',', Enumerable.Repeat("i64", Many))).Compile()),
        ("deep nesting", Module(Repeat("block ", Many) + "loop br 0 end " + Repeat("end ", Many))),
        ("huge br_table", new ModuleText().Function("run", "->",
            $"loop {Repeat("block ", 300)} local.get 0 i32.const 1 i32.add local.tee 0 br_table {string.Join(',', Enumerable.Range(0, 3_000).Select(i => i % 300))} {Repeat("end ", 300)} br 0 end", "i32").Compile()),
        ("exception storm", new ModuleText().Tag("i32->").Function("run", "->", "loop block i32 try_table catch:0:0 i32.const 7 throw 0 end unreachable end drop br 0 end").Compile()),
        ("exception kept", new ModuleText().Types("->ref:exn").Tag("->").Table(4, element: ValueKind.ExnRef)
            .Function("run", "->", "loop i32.const 1 block ref:exn try_table catch_all_ref:0 throw 0 end unreachable end table.set 0 br 0 end").Compile()),
        ("exception nobody catches", new ModuleText().Tag("->").Function("run", "->", "throw 0").Compile()),
        ("exception through a recursion", new ModuleText().Tag("->").Function("run", "->", "i32.const 100 call 1")
            .Function(null, "i32->", "local.get 0 i32.eqz if throw 0 end local.get 0 i32.const 1 i32.sub call 1").Compile()),
        ("heap bomb", new ModuleText().Types("struct:null:0").Function("run", "->", "loop local.get 0 struct.new 0 local.set 0 br 0 end", "null:0").Compile()),
        ("garbage", new ModuleText().Types("struct:null:0").Function("run", "->", "loop ref.null 0 struct.new 0 drop br 0 end").Compile()),
        ("large arrays", new ModuleText().Types("array:mut_i64").Function("run", "->", "loop i32.const 60000 array.new_default 0 drop br 0 end").Compile()),
        ("impossible array", new ModuleText().Types("array:mut_i64").Function("run", "->", "i32.const -1 array.new_default 0 drop").Compile()),
        ("waiting", new ModuleText().SharedMemory(1, 1).Function("run", "->", "i32.const 0 i32.const 0 i64.const -1 atomic:01 drop").Compile()),
        ("notifying", new ModuleText().SharedMemory(1, 1).Function("run", "->", "loop i32.const 0 i32.const 1 atomic:00 drop br 0 end").Compile()),
        ("trap", Module("unreachable")),
        ("division", Module("i32.const 1 i32.const 0 i32.div_s drop")),
        ("outside", new ModuleText().Memory(1).Function("run", "->", "i32.const -1 i32.load drop").Compile()),
        ("endless start", new ModuleText().Function("run", "->", "loop br 0 end").Start(0).Compile()),
    ];

    /// <summary>Guests whose <c>run</c> gives a number, and which.</summary>
    public static IReadOnlyList<(Module Module, int Answer)> Good { get; } =
    [
        (new ModuleText().Function("run", "->i32", "i32.const 12 call 1")
            .Function(null, "i32->i32", "local.get 0 i32.const 2 i32.lt_s if i32 local.get 0 else local.get 0 i32.const 1 i32.sub call 1 local.get 0 i32.const 2 i32.sub call 1 i32.add end").Compile(), 144),
        (new ModuleText().Memory(1).Function("run", "->i32",
            "i32.const 100 local.set 0 loop local.get 0 local.get 0 i32.store8 local.get 1 local.get 0 i32.load8_u i32.add local.set 1 local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end local.get 1",
            "i32,i32").Compile(), 5_050),
        (new ModuleText().Types("struct:i32,null:0").Function("run", "->i32",
            "i32.const 50 local.set 0 loop local.get 0 local.get 1 struct.new 0 local.set 1 local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end " +
            "loop local.get 2 local.get 1 struct.get 0 0 i32.add local.set 2 local.get 1 struct.get 0 1 local.tee 1 ref.is_null i32.eqz br_if 0 end local.get 2",
            "i32,null:0,i32").Compile(), 1_275),
        (new ModuleText().Tag("i32->").Function("run", "->i32", "block i32 try_table catch:0:0 i32.const 42 throw 0 end unreachable end").Compile(), 42),
    ];

    static Module Module(string code) => new ModuleText().Function("run", "->", code).Compile();

    static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Determinism;

/// <summary>Guests that touch everything in which machines differ. Their functions take i32s.</summary>
static class DeterministicGuests
{
    const string NextRandom = "global.get 0 i64.const 6364136223846793005 i64.mul i64.const 1442695040888963407 i64.add global.set 0 ";

    /// <summary>NaNs of all signs and payloads among other numbers: random bits.</summary>
    const string RandomDouble = NextRandom + "global.get 0 i64.const 3 i64.and i64.eqz if f64 global.get 0 i64.const 9218868437227405312 i64.or f64.reinterpret_i64 "
        + "else global.get 0 f64.reinterpret_i64 end ";

    const string RandomSingle = NextRandom + "global.get 0 i64.const 33 i64.shr_u i32.wrap_i64 i32.const 2139095040 i32.or f32.reinterpret_i32 ";

    static readonly string[] FloatOperations = ["add", "sub", "mul", "div", "min", "max", "copysign"];

    static readonly string[] FloatFunctions = ["sqrt", "ceil", "floor", "trunc", "nearest", "abs", "neg"];

    static readonly string[] VectorOperations = ["add", "sub", "mul", "div", "min", "max", "pmin", "pmax"];

    static readonly string[] RelaxedOperations =
    [
        "f32x4.relaxed_madd", "f32x4.relaxed_nmadd", "f64x2.relaxed_madd", "f64x2.relaxed_nmadd", "i8x16.relaxed_laneselect",
        "i32x4.relaxed_laneselect", "i32x4.relaxed_dot_i8x16_i7x16_add_s",
    ];

    static readonly string[] RelaxedPairs =
    [
        "i8x16.relaxed_swizzle", "f32x4.relaxed_min", "f32x4.relaxed_max", "f64x2.relaxed_min", "f64x2.relaxed_max", "i16x8.relaxed_q15mulr_s",
        "i16x8.relaxed_dot_i8x16_i7x16_s",
    ];

    public static IReadOnlyList<(string Name, ModuleText Module)> All { get; } =
    [
        ("floats", Floats()), ("vectors", Vectors()), ("relaxed", Relaxed()), ("memory", Memory()), ("heap", Heap()), ("stack", Stack()), ("traps", Traps()),
    ];

    static ModuleText State() => new ModuleText().Memory(1, 64, export: "memory").Global(ValueKind.I64, "i64.const 42", mutable: true, export: "state");

    /// <summary>Does so 500 times and mixes what is left on the stack, an i64, into the memory.</summary>
    static string Repeat(string code) => $"i32.const 500 local.set 1 loop i32.const 8 local.get 0 i32.const 1023 i32.and i32.const 3 i32.shl i32.add {code} "
        + "i64.store local.get 0 i32.const 1 i32.add local.set 0 local.get 1 i32.const 1 i32.sub local.tee 1 br_if 0 end";

    static ModuleText Floats()
    {
        var module = State();
        foreach (var operation in FloatOperations)
        {
            module.Function($"f64.{operation}", "i32->", Repeat($"{RandomDouble} {RandomDouble} f64.{operation} i64.reinterpret_f64"), "i32");
            module.Function($"f32.{operation}", "i32->", Repeat($"{RandomSingle} {RandomSingle} f32.{operation} i32.reinterpret_f32 i64.extend_i32_u"), "i32");
        }

        foreach (var function in FloatFunctions)
        {
            module.Function($"f64.{function}", "i32->", Repeat($"{RandomDouble} f64.{function} i64.reinterpret_f64"), "i32");
            module.Function($"f32.{function}", "i32->", Repeat($"{RandomSingle} f32.{function} i32.reinterpret_f32 i64.extend_i32_u"), "i32");
        }

        return module.Function("demote", "i32->", Repeat($"{RandomDouble} f32.demote_f64 i32.reinterpret_f32 i64.extend_i32_u"), "i32")
            .Function("promote", "i32->", Repeat($"{RandomSingle} f64.promote_f32 i64.reinterpret_f64"), "i32")
            .Function("zero", "i32->f64", "f64.const 0 f64.const 0 f64.div").Function("one", "i32->", Repeat($"{RandomDouble} f64.const 1 f64.mul i64.reinterpret_f64"), "i32");
    }

    const string RandomVector = $"{RandomDouble} f64x2.splat {RandomSingle} f32x4.splat f64x2.extract_lane 0 f64x2.replace_lane 1 ";

    static string Both(string vector) => $"{vector} local.tee 2 i64x2.extract_lane 0 local.get 2 i64x2.extract_lane 1 i64.xor";

    static ModuleText Vectors()
    {
        var module = State();
        foreach (var shape in new[] { "f32x4", "f64x2" })
        {
            foreach (var operation in VectorOperations)
                module.Function($"{shape}.{operation}", "i32->", Repeat(Both($"{RandomVector} {RandomVector} {shape}.{operation}")), "i32,v128");
            foreach (var function in FloatFunctions)
                module.Function($"{shape}.{function}", "i32->", Repeat(Both($"{RandomVector} {shape}.{function}")), "i32,v128");
        }

        foreach (var conversion in new[] { "f32x4.demote_f64x2_zero", "f64x2.promote_low_f32x4", "i32x4.trunc_sat_f32x4_s", "i32x4.trunc_sat_f64x2_u_zero" })
            module.Function(conversion, "i32->", Repeat(Both($"{RandomVector} {conversion}")), "i32,v128");
        return module;
    }

    static ModuleText Relaxed()
    {
        var module = State();
        foreach (var operation in RelaxedOperations)
            module.Function(operation, "i32->", Repeat(Both($"{RandomVector} {RandomVector} {RandomVector} {operation}")), "i32,v128");
        foreach (var operation in RelaxedPairs)
            module.Function(operation, "i32->", Repeat(Both($"{RandomVector} {RandomVector} {operation}")), "i32,v128");
        return module;
    }

    static ModuleText Memory() => State().Table(4, 200).Import("host", "seen", "i32->i32")
        .Function("grow", "i32->i32", "local.get 0 i32.const 7 i32.and memory.grow local.get 0 memory.grow i32.add memory.size i32.add")
        .Function("table", "i32->i32", "ref.null funcref local.get 0 table.grow 0 ref.null funcref i32.const 30 table.grow 0 i32.add")
        .Function("fill", "i32->", "local.get 0 local.get 0 i32.const 60000 memory.fill")
        .Function("copy", "i32->", "i32.const 3 i32.const 0 i32.const 65000 memory.copy i32.const 0 i32.const 5 i32.const 65000 memory.copy")
        .Function("host", "i32->i32", "local.get 0 call 0");

    static ModuleText Heap() => State().Types("struct:mut_i32,mut_i64").Types("array:mut_i8")
        .Function("many", "i32->i32", "loop i32.const 1 i64.const 2 struct.new 0 drop local.get 1 i32.const 1 i32.add local.set 1 br 0 end local.get 1", "i32")
        .Function("large", "i32->i32", "local.get 0 i32.const 2000000 i32.and array.new_default 1 array.len")
        .Function("sum", "i32->i32", "i32.const 7 i32.const 1000 array.new 1 array.len loop local.get 0 i32.const 15 i32.and ref.i31 i31.get_u drop end");

    static ModuleText Stack() => State().Global(ValueKind.I32, "i32.const 0", mutable: true, export: "depth")
        .Function("deep", "i32->", "global.get 1 i32.const 1 i32.add global.set 1 local.get 0 call 0")
        .Function("wide", "i32->", $"global.get 1 i32.const 1 i32.add global.set 1 local.get 0 call 1 local.get 1 drop", string.Join(',', Enumerable.Repeat("i64", 100)))
        .Function("tail", "i32->i32", "local.get 1 drop local.get 0 i32.const 1000 i32.and i32.eqz if i32 local.get 0 else local.get 0 i32.const 1 i32.sub return_call 2 end", "i32");

    static ModuleText Traps() => State().Table(2)
        .Function("divide", "i32->i32", "i32.const 100 local.get 0 i32.div_s local.get 0 i32.const -1 i32.div_s i32.add")
        .Function("load", "i32->i32", "nop block end local.get 0 i32.load")
        .Function("store", "i32->", "loop local.get 0 local.get 0 i32.store local.get 0 i32.const 1000 i32.add local.set 0 br 0 end")
        .Function("truncate", "i32->i64", "local.get 0 f64.convert_i32_s f64.const 1000000000000 f64.mul f32.demote_f64 i64.trunc_f32_u")
        .Function("call", "i32->", "local.get 0 call_indirect ->")
        .Function("forever", "i32->", "loop nop br 0 end")
        .Function("unreachable", "i32->", "local.get 0 if unreachable end");
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>
/// The just-in-time compiler reads only those bytes of a load that somebody uses, and makes one store of several. Explicit checks tell what should
/// happen near the end of a memory whatever it does.
/// </summary>
public sealed class SameAsCheckedTests
{
    const string Locals = "i32,i64,f32,f64,v128";

    static readonly string[] Integers =
    [
        "drop i32.const 0", "local.set 1 i32.const 0", "", "i32.const 255 i32.and", "i32.extend8_s", "i32.const 0 i32.mul", "i32.const 4 i32.and i32.eqz",
        "i32.const 24 i32.shl i32.const 24 i32.shr_s", "i32.const 16 i32.shr_u", "local.set 1 i32.const 0 local.get 1 i32.store8 i32.const 0",
        "local.tee 1 i32.const 65280 i32.and local.get 1 i32.const 15 i32.and i32.add", "i8x16.splat i8x16.extract_lane_u 0",
        "if end i32.const 0", "i32.const 5 local.get 0 select if end i32.const 0", "local.get 1 i32.lt_u", "local.set 1 i32.const 0 local.get 1 i32.gt_u",
        "local.tee 1 local.get 1 i32.sub", "local.set 1 block local.get 1 br_if 0 end i32.const 0", "local.tee 1 drop local.get 1 drop i32.const 0",
    ];

    static readonly string[] WideIntegers =
    [
        "drop i32.const 0", "local.set 2 i32.const 0", "i32.wrap_i64", "i64.const 255 i64.and i32.wrap_i64", "i64.const 32 i64.shr_u i32.wrap_i64",
        "i64.extend8_s i64.eqz", "i64.const 0 i64.mul i32.wrap_i64", "local.set 2 i32.const 0 local.get 2 i64.store8 i32.const 0",
    ];

    static readonly string[] Vectors =
    [
        "drop i32.const 0", "local.set 5 i32.const 0", "v128.any_true", "i32x4.extract_lane 0", "i32x4.extract_lane 3", "i8x16.extract_lane_u 0",
        "i64x2.extract_lane 0 i32.wrap_i64", "f32x4.extract_lane 1 i32.reinterpret_f32",
    ];

    public static TheoryData<string> Loads() =>
    [
        "i32.load", "i32.load8_s", "i32.load8_u", "i32.load16_s", "i32.load16_u", "i64.load", "i64.load8_s", "i64.load16_u", "i64.load32_s", "i64.load32_u",
        "f32.load", "f64.load", "v128.load", "v128.load8_splat", "v128.load16_splat", "v128.load32_splat", "v128.load64_splat", "v128.load32_zero",
        "v128.load64_zero", "v128.load8x8_s", "v128.load16x4_u", "v128.load32x2_s", "v128.const 0 0 v128.load8_lane", "v128.const 0 0 v128.load16_lane",
        "v128.const 0 0 v128.load32_lane", "v128.const 0 0 v128.load64_lane",
    ];

    public static TheoryData<string> Stores() =>
    [
        "i32.const 7 i32.store8", "i32.const 7 i32.store16", "i32.const 7 i32.store", "i64.const 7 i64.store8", "i64.const 7 i64.store16", "i64.const 7 i64.store32",
        "i64.const 7 i64.store", "f32.const 1.5 f32.store", "f64.const 1.5 f64.store", "v128.const 7 9 v128.store",
    ];

    [Theory]
    [MemberData(nameof(Loads))]
    public void Loads_fault_where_checks_would_trap_whatever_becomes_of_what_they_load(string load)
    {
        var uses = Uses(load);
        var text = new ModuleText().Memory(1, export: "memory");
        foreach (var (index, use) in uses.Index()) text.Function($"f{index}", "i32->i32", $"local.get 0 {load} {use}", Locals);
        var (guarded, withChecks) = (Guarded.Start(text), Start(text));
        foreach (var (index, use) in uses.Index())
        {
            var (run, oracle) = (guarded.GetFunction<Func<int, int>>($"f{index}"), withChecks.GetFunction<Func<int, int>>($"f{index}"));
            foreach (var address in Addresses) Assert.Equal((use, address, Outcome(() => oracle(address))), (use, address, Outcome(() => run(address))));
        }
    }

    /// <summary>Whoever has seen one address may take all at a fixed distance for good.</summary>
    [Theory]
    [MemberData(nameof(Loads))]
    public void Loads_behind_others_fault_too_whatever_becomes_of_what_they_load(string load)
    {
        string[] before =
        [
            "local.get 0 i32.load8_u drop local.get 0", "local.get 0 i32.load16_u global.set 0 local.get 0", "local.get 0 i32.const 1 i32.store8 local.get 0",
            "i32.const 0 i32.load8_s drop i32.const 65496", "local.get 0 v128.load drop local.get 0",
        ];
        var cases = before.SelectMany(first => Uses(load), (first, use) => (first, use))
            .SelectMany(_ => new[] { 3, 40 }, (pair, offset) => $"{pair.first} {load} offset={offset} {pair.use}").ToArray();
        var text = new ModuleText().Memory(1, export: "memory").Global(ValueKind.I32, "i32.const 0", mutable: true);
        foreach (var (index, code) in cases.Index()) text.Function($"f{index}", "i32->i32", code, Locals);
        var (guarded, withChecks) = (Guarded.Start(text), Start(text));
        foreach (var (index, code) in cases.Index())
        {
            var (run, oracle) = (guarded.GetFunction<Func<int, int>>($"f{index}"), withChecks.GetFunction<Func<int, int>>($"f{index}"));
            foreach (var address in Addresses) Assert.Equal((code, address, Outcome(() => oracle(address))), (code, address, Outcome(() => run(address))));
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Of_adjacent_stores_those_before_the_end_are_made(string store)
    {
        var width = 1 << Width(store);
        var stores = string.Join(' ', Enumerable.Range(0, 4).Select(i => $"local.get 0 {store} offset={i * width}"));
        var text = new ModuleText().Memory(1, export: "memory").Function("run", "i32->i32", $"{stores} i32.const 0");
        var (guarded, withChecks) = (Guarded.Start(text), Start(text));
        var (run, oracle) = (guarded.GetFunction<Func<int, int>>("run"), withChecks.GetFunction<Func<int, int>>("run"));
        foreach (var address in Addresses)
        {
            Assert.Equal((address, Outcome(() => oracle(address))), (address, Outcome(() => run(address))));
            Assert.Equal(withChecks.GetMemory("memory").Span, guarded.GetMemory("memory").Span);
        }
    }

    static IEnumerable<int> Addresses => [.. Enumerable.Range(Memory.PageBytes - 66, 70), int.MaxValue, int.MinValue, -1, -65536, 0];

    static string[] Uses(string load)
    {
        if (load.EndsWith("lane", StringComparison.Ordinal)) return [.. Vectors.Select(use => $"0 {use}")];
        if (load.StartsWith("v128", StringComparison.Ordinal)) return Vectors;
        if (load.StartsWith("i32", StringComparison.Ordinal)) return Integers;
        return load.StartsWith("i64", StringComparison.Ordinal) ? WideIntegers
            : load == "f32.load" ? [.. Integers.Where(use => !use.Contains("local.")).Select(use => $"i32.reinterpret_f32 {use}"), "drop i32.const 0", "local.set 3 i32.const 0"]
            : [.. WideIntegers.Where(use => !use.Contains("local.")).Select(use => $"i64.reinterpret_f64 {use}"), "drop i32.const 0", "local.set 4 i32.const 0"];
    }

    static int Width(string store) => store switch
    {
        _ when store.EndsWith("store8", StringComparison.Ordinal) => 0,
        _ when store.EndsWith("store16", StringComparison.Ordinal) => 1,
        _ when store.EndsWith("store32", StringComparison.Ordinal) || store.EndsWith("i32.store", StringComparison.Ordinal) || store.StartsWith("f32", StringComparison.Ordinal) => 2,
        _ when store.StartsWith("v128", StringComparison.Ordinal) => 4,
        _ => 3,
    };

    static string Outcome(Func<int> call)
    {
        try
        {
            return $"{call()}";
        }
        catch (Trap trap)
        {
            return $"{trap.Kind}";
        }
    }

    static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile(new() { MemoryChecks = MemoryChecks.Explicit }));
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Hostile;

/// <summary>Functions of about 24 KB whose shape gives the just-in-time compiler as much to do as possible.</summary>
static class SlowShapes
{
    const int Bytes = 24_000;

    public static IReadOnlyDictionary<string, Func<ModuleText>> All { get; } = new Dictionary<string, Func<ModuleText>>
    {
        ["straight arithmetic"] = () => Function(Fill("local.get 0 i32.const 7 i32.mul local.set 0 ", 7)),
        ["branches that carry 64 values"] = () => Function($"block ->{Many("i64", 64)} {Repeat("i64.const 1 ", 64)} {Fill("local.get 0 br_if 0 ", 4)} end {Repeat("drop ", 64)}"),
        ["blocks in blocks"] = () => Function($"{Repeat("block ", 4_000)}{Fill("local.get 0 br_if 7 ", 4, 8_000)}{Repeat("end ", 4_000)}"),
        ["blocks in a row"] = () => Function(Fill("block local.get 0 br_if 0 local.get 1 local.set 0 end ", 11)),
        ["loops in loops that change variables"] = () => Function(Nest("loop ", Assignments(0, 50), "local.get 0 br_if 0 end ", 110), 50),
        ["loops in a row that change variables"] = () => Function(Fill($"loop {Assignments(0, 10)} local.get 0 br_if 0 end ", 80), 200),
        ["conditions that change a thousand variables"] = () => Function(Choices(1_000, 2_200), 1_000),
        ["a loop around a switch that changes a hundred variables"] = () => Function(Interpreter(300, 100), 100),
        ["jump tables"] = () => Function($"{Repeat("block ", 200)}{Fill($"block local.get 0 br_table {Many(Enumerable.Range(0, 200))} end ", 208)}{Repeat("end ", 200)}"),
        ["calls with 64 results"] = () => Function(Fill($"call 1 {Repeat("drop ", 64)}", 66)).Function(null, $"->{Many("i64", 64)}", Repeat("i64.const 1 ", 64)),
        ["calls with 1000 arguments"] = () => Function(Fill($"{Repeat("local.get 0 ", 1_000)}call 1 ", 2_002)).Function(null, $"{Many("i32", 1_000)}->", ""),
        ["calls by table"] = () => Function(Fill("local.get 0 local.get 0 call_indirect i32->i32 local.set 0 ", 9)).Table(1),
        ["vectors"] = () => Function(Fill("local.get 1 local.get 1 f32x4.min local.get 1 i16x8.q15mulr_sat_s local.set 1 ", 12), 1, "v128"),
        ["handlers in a row"] = () => Function(Fill("block try_table catch_all:0 throw 0 end end ", 12)).Tag("->"),
        ["loads and stores"] = () => Function(Fill("local.get 0 local.get 0 i32.load offset=8 i32.store offset=64 ", 10)).Memory(1),
        ["loads at changing addresses"] = () => Function(Fill("local.get 0 i32.load local.set 0 ", 7)).Memory(1),
        ["divisions"] = () => Function(Fill("local.get 0 local.get 1 i32.div_s local.set 0 ", 7)),
        ["selects"] = () => Function("local.get 0 " + Fill("local.get 1 local.get 0 select ", 5) + "drop "),
        ["memory copies"] = () => Function(Fill("local.get 0 local.get 0 local.get 0 memory.copy ", 10)).Memory(1),
        ["conversions that may trap"] = () => Function(Fill("local.get 0 f64.convert_i32_s i32.trunc_f64_s local.set 0 ", 6)),
    };

    static ModuleText Function(string code, int locals = 2, string kind = "i32") =>
        new ModuleText().Function("run", "i32->", code, Many(kind, locals));

    static string Assignments(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(local => $"local.get {local} i32.const 1 i32.add local.set {local + 1} "));

    static string Choices(int locals, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"local.get {i * 7 % locals} if local.get {i * 11 % locals} local.set {i * 13 % locals} end "));

    static string Interpreter(int cases, int locals) =>
        $"loop {Repeat("block ", cases)} local.get 0 br_table {Many(Enumerable.Range(0, cases))} {string.Concat(Enumerable.Range(0, cases).Select(i =>
            $"end {string.Concat(Enumerable.Range(0, 8).Select(step => $"local.get {(i + (step * 13)) % locals} local.get {(i * 3 + step) % locals} i32.add local.set {(i + (step * 7)) % locals} "))} br {cases - 1 - i} "))} end ";

    static string Nest(string open, string inside, string close, int depth) => string.Concat(Enumerable.Repeat(open + inside, depth)) + Repeat(close, depth);

    /// <summary>As often as fills the bytes, when it takes <paramref name="size"/>.</summary>
    static string Fill(string text, int size, int bytes = Bytes) => Repeat(text, bytes / size);

    static string Many(string kind, int count) => string.Join(',', Enumerable.Repeat(kind, count));

    static string Many(IEnumerable<int> labels) => string.Join(',', labels);

    static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}

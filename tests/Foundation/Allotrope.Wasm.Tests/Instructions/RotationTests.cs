using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>
/// What is rotated by a constant and then compared: .NET's just-in-time compiler makes wrong code of that, so it must not see it.
/// Found by generated modules.
/// </summary>
public sealed class RotationTests
{
    /// <summary>The local is set from a load, so that nothing is known at compile time.</summary>
    const string Rotated32 = "i32.const 8 i32.load i32.const 2 i32.rotl ", Rotated64 = "i32.const 8 i64.load i64.const 7 i64.rotr ";

    public static TheoryData<string> Tests => [.. Conditions()];

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_rotated_number_compares_like_any_other(string condition)
    {
        var rotate = new ModuleText().Memory(1, export: "memory").Function("run", "->i32", condition, "i32,i64").Compile();
        var kept = new ModuleText().Memory(1, export: "memory").Function("run", "->i32", condition.Replace(Rotated32, "call 1 ").Replace(Rotated64, "call 2 "), "i32,i64")
            .Function(null, "->i32", Rotated32).Function(null, "->i64", Rotated64).Compile();
        foreach (var value in (long[])[0, 1, -1, 0x40000000, int.MinValue, 1L << 63, 64, 0x80])
            Assert.Equal(Run(kept, value), Run(rotate, value));
    }

    /// <summary>The rotated constant has its upper bit set: a division took it for a large number.</summary>
    [Theory]
    [InlineData("i32.const 159821850 i32.const 28 i32.rotl")]
    [InlineData("i32.const 159821850 i32.const 1664002876 i32.rotl")]
    [InlineData("i32.const 159821850 i32.const 4 i32.rotr")]
    [InlineData("i32.const 159821840 i32.const 10 i32.add i32.const 28 i32.rotl")]
    [InlineData("i32.const 159821850 i32.const 14 i32.const 14 i32.add i32.rotl")]
    [InlineData("i32.const 159821840 i32.const 10 i32.or i32.const 2 i32.const 2 i32.add i32.rotr")]
    [InlineData("i32.const 159821850 local.set 0 local.get 0 i32.const 28 i32.rotl")]
    [InlineData("i32.const 28 local.set 0 i32.const 159821850 local.get 0 i32.rotl")]
    [InlineData("i32.const 159821850 i32.const 28 i32.rotl local.tee 0")]
    public void A_rotated_constant_has_a_sign(string rotated)
    {
        const int Expected = -1600623871;
        (string Code, int Result)[] uses =
        [
            ("", Expected), ("i32.const 8 i32.load8_u i32.const 5 i32.or i32.div_s", Expected / 5), ("i32.const 8 i32.load8_u i32.const 5 i32.or i32.rem_s", Expected % 5),
            ("i32.const 7 i32.div_s", Expected / 7), ("i32.const 0 i32.lt_s", 1), ("i32.const 3 i32.shr_s", Expected >> 3), ("f64.convert_i32_s f64.const 0 f64.lt", 1),
            ("i64.extend_i32_s i64.const 0 i64.lt_s", 1), ("i64.extend_i32_u i64.const 0 i64.gt_s", 1), ("i32.const 8 i32.load8_u i32.const 5 i32.or i32.gt_s", 0),
            ("i32.const 8 i32.load8_u i32.const 5 i32.or i32.div_u", (int)(unchecked((uint)Expected) / 5)), ("i64.extend_i32_s i64.const 40 i64.shr_s i32.wrap_i64", -1),
        ];
        foreach (var (code, result) in uses)
            Assert.Equal((code, result), (code, Run(new ModuleText().Memory(1, export: "memory").Function("run", "->i32", $"{rotated} {code}", "i32").Compile(), 0)));
    }

    static IEnumerable<string> Conditions()
    {
        foreach (var (type, rotated, local) in new[] { ("i32", Rotated32, 0), ("i64", Rotated64, 1) })
            foreach (var value in (string[])[rotated, $"{rotated}local.set {local} local.get {local} ", $"{rotated}local.tee {local} "])
            {
                yield return $"{value}{type}.eqz";
                foreach (var comparison in "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".Split(' '))
                    foreach (var constant in (int[])[0, 1, -1])
                        yield return $"{value}{type}.const {constant} {type}.{comparison}";
                yield return $"{type}.const 0 {value}{type}.eq";
                var test = type == "i32" ? value : value + "i32.wrap_i64 ";
                yield return $"{test}if i32 i32.const 1 else i32.const 0 end";
                yield return $"block {test}br_if 0 i32.const 7 return end i32.const 8";
                yield return $"block block {test}br_table 0,1 end i32.const 7 return end i32.const 8";
                yield return $"i32.const 7 i32.const 8 {test}select";
                yield return $"f32.const 7 f32.const 8 {test}select i32.trunc_f32_s";
                yield return type == "i32" ? $"{value}i64.extend_i32_u i64.eqz" : $"{value}i32.wrap_i64 i32.eqz";
            }
    }

    static int Run(Module module, long value)
    {
        using var store = new Store();
        var instance = new Linker().Instantiate(store, module);
        instance.GetMemory("memory").Write(8, value);
        return instance.GetFunction<Func<int>>("run")();
    }
}

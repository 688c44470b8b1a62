using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>
/// Loads of one or two bytes as the operand of what .NET's just-in-time compiler may read from memory itself, and then reads too much: the value would be
/// another, and the last bytes of a memory would end the process. Found by generated modules.
/// </summary>
public sealed class NarrowLoadTests
{
    static readonly string[] Loads32 = ["i32.load8_s", "i32.load8_u", "i32.load16_s", "i32.load16_u"];
    static readonly string[] Loads64 = ["i64.load8_s", "i64.load8_u", "i64.load16_s", "i64.load16_u", "i64.load32_s", "i64.load32_u"];

    public static TheoryData<string, string> Uses => [.. Pairs().Select(pair => (pair.Load, pair.Use))];

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_narrow_load_reads_no_more_than_its_bytes(string load, string use)
    {
        var bytes = load.Contains('8') ? 1 : load.Contains("16") ? 2 : 4;
        var kind = load[..3];
        foreach (var (address, how) in new[] { (16, ""), (16, "local.set 0 local.get 0 "), (Memory.PageBytes - bytes, "") })
        {
            var code = $"local.get 2 {load} {how} {use} ";
            var together = new ModuleText().Memory(1, export: "memory").Function("run", "->i64", $"i32.const {address} local.set 2 {code}", $"{kind},v128,i32");
            var apart = new ModuleText().Memory(1, export: "memory").Function("run", "->i64", $"i32.const {address} call 1 {use}", $"{kind},v128,i32")
                .Function(null, $"i32->{kind}", $"local.get 0 {load}");
            Assert.Equal(Run(apart), Run(together));
        }
    }

    static IEnumerable<(string Load, string Use)> Pairs() =>
    [
        .. from load in Loads32
           from use in (string[])["f32.reinterpret_i32 f32.neg i32.reinterpret_f32 i64.extend_i32_u", "f32.reinterpret_i32 i32.reinterpret_f32 i64.extend_i32_u",
               "f64.convert_i32_s i64.trunc_f64_s", "f32.convert_i32_u i64.trunc_f32_s", "i32x4.splat i64x2.extract_lane 0", "i16x8.splat i64x2.extract_lane 0",
               "i8x16.splat i64x2.extract_lane 0", "local.set 0 local.get 1 local.get 0 i32x4.replace_lane 0 i64x2.extract_lane 0",
               "local.set 0 local.get 1 local.get 0 f32.reinterpret_i32 f32x4.replace_lane 0 i64x2.extract_lane 0", "f32.reinterpret_i32 f32x4.splat i64x2.extract_lane 0",
               "i32.popcnt i64.extend_i32_u", "i32.const 3 i32.mul i64.extend_i32_u", "i32.const 77 i32.rotl i64.extend_i32_u", "i32.clz i64.extend_i32_u"]
           select (load, use),
        .. from load in Loads64
           from use in (string[])["f64.reinterpret_i64 f64.neg i64.reinterpret_f64", "f64.reinterpret_i64 i64.reinterpret_f64", "i64x2.splat i64x2.extract_lane 1", "i64.popcnt",
               "f64.reinterpret_i64 f64x2.splat i64x2.extract_lane 1", "i64.const 3 i64.mul", "i32.wrap_i64 f32.reinterpret_i32 i32.reinterpret_f32 i64.extend_i32_u", "f64.convert_i64_s i64.reinterpret_f64"]
           select (load, use),
    ];

    static long Run(ModuleText text)
    {
        using var store = new Store();
        var instance = new Linker().Instantiate(store, text.Compile());
        var bytes = instance.GetMemory("memory").Span;
        bytes[..64].Fill(0xC3);
        bytes[^64..].Fill(0xC3);
        return instance.GetFunction<Func<long>>("run")();
    }
}

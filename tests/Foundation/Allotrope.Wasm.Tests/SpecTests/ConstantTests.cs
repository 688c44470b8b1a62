using System.Runtime.Intrinsics;
using System.Text;

namespace Allotrope.Wasm.Tests.SpecTests;

public sealed class ConstantTests
{
    [Theory]
    [InlineData("(i32.const 0xffff_ffff)", -1)]
    [InlineData("(i32.const -0x8000_0000)", int.MinValue)]
    [InlineData("(i32.const 10)", 10)]
    public void Integers_wrap_to_their_width(string text, int value) => Assert.Equal(value, Read(text).AsInt32());

    [Theory]
    [InlineData("(f64.const -0x1.8p+1)", 0xc008_0000_0000_0000)]
    [InlineData("(f64.const 0x0.0000_0000_0000_1p-1022)", 1)]
    [InlineData("(f64.const -0x0p+0)", 0x8000_0000_0000_0000)]
    [InlineData("(f64.const inf)", 0x7ff0_0000_0000_0000)]
    [InlineData("(f64.const -nan:0x4_0000_0000_0000)", 0xfff4_0000_0000_0000)]
    public void Doubles_are_read_to_the_bit(string text, ulong bits) => Assert.Equal(bits, BitConverter.DoubleToUInt64Bits(Read(text).AsDouble()));

    [Theory]
    [InlineData("(f32.const 0x1p-149)", 1)]
    [InlineData("(f32.const 0x1.ffff_fep+127)", 0x7f7f_ffff)]
    [InlineData("(f32.const nan:0x20_0000)", 0x7fa0_0000)]
    public void Singles_are_read_to_the_bit(string text, uint bits) => Assert.Equal(bits, BitConverter.SingleToUInt32Bits(Read(text).AsSingle()));

    [Theory]
    [InlineData("nan:canonical", 0x7fc0_0000, true)]
    [InlineData("nan:canonical", 0xffc0_0000, true)]
    [InlineData("nan:canonical", 0x7fc0_0001, false)]
    [InlineData("nan:arithmetic", 0x7fc0_0001, true)]
    [InlineData("nan:arithmetic", 0x7fa0_0000, false)]
    public void Kinds_of_NaN_are_told_apart(string kind, uint bits, bool matches) =>
        Assert.Equal(matches, Expected.Matches(Parse($"(f32.const {kind})"), Value.FromSingle(BitConverter.UInt32BitsToSingle(bits))));

    [Fact]
    public void Equal_numbers_name_the_same_object() =>
        Assert.True(Expected.Matches(Parse("(ref.extern 7)"), Read("(ref.extern 7)")));

    [Fact]
    public void What_the_suite_does_not_know_is_an_error() => Assert.Throws<FormatException>(() => Read("(v128.const i3x4 0 0 0 0)"));

    [Theory]
    [InlineData("(v128.const i8x16 -1 0 0 0 0 0 0 0 255 0 0 0 0 0 0 0)", 0xff, 0xff)]
    [InlineData("(v128.const i16x8 -2 1 0 0 0xffff 0 0 0)", 0x1_fffe, 0xffff)]
    [InlineData("(v128.const i64x2 -1 7)", ulong.MaxValue, 7)]
    [InlineData("(v128.const f32x4 0x1p+0 -0x0p+0 0x0p+0 nan)", 0x8000_0000_3f80_0000, 0x7fc0_0000_0000_0000)]
    public void Vectors_are_read_lane_by_lane(string text, ulong low, ulong high) =>
        Assert.Equal(Vector128.Create(low, high).AsByte(), Read(text).AsVector128());

    [Theory]
    [InlineData("(v128.const f32x4 nan:canonical 0x0p+0 nan:arithmetic 0x0p+0)", 0x7fc0_0000, 0xffc1_0000, true)]
    [InlineData("(v128.const f32x4 nan:canonical 0x0p+0 nan:arithmetic 0x0p+0)", 0x7fc1_0000, 0xffc1_0000, false)]
    [InlineData("(either (v128.const i64x2 0 0) (v128.const i64x2 1 2))", 1, 2, true)]
    [InlineData("(either (v128.const i64x2 0 0) (v128.const i64x2 1 2))", 1, 3, false)]
    public void Expected_vectors_are_compared_as_their_shape_says(string expected, ulong low, ulong high, bool matches) =>
        Assert.Equal(matches, Expected.Matches(Parse(expected), Value.FromVector128(Vector128.Create(low, high).AsByte())));

    static Value Read(string text) => Constant.Read(Parse(text));

    static Node.Sequence Parse(string text) => ScriptReader.Read(Encoding.UTF8.GetBytes(text))[0];
}

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>Where WebAssembly's arithmetic differs from what a processor or .NET would do by itself.</summary>
public sealed class NumericTests
{
    [Theory]
    [InlineData("i32.div_s", 7, 0, TrapKind.IntegerDivideByZero)]
    [InlineData("i32.rem_u", 7, 0, TrapKind.IntegerDivideByZero)]
    [InlineData("i32.div_s", int.MinValue, -1, TrapKind.IntegerOverflow)]
    public void A_division_without_a_result_traps(string division, int dividend, int divisor, TrapKind kind)
    {
        var run = Guest.Function<Func<int, int, int>>("i32,i32->i32", $"local.get 0 local.get 1 {division}");
        Assert.Equal(kind, Guest.TrapOf(() => run(dividend, divisor)));
        var constant = Guest.Function<Func<int, int>>("i32->i32", $"local.get 0 i32.const {divisor} {division}");
        Assert.Equal(kind, Guest.TrapOf(() => constant(dividend)));
    }

    [Fact]
    public void The_remainder_by_minus_one_is_zero() =>
        Assert.Equal(0, Guest.Function<Func<long, long, long>>("i64,i64->i64", "local.get 0 local.get 1 i64.rem_s")(long.MinValue, -1));

    [Theory]
    [InlineData("i32.shl", 1, 33, 2)]
    [InlineData("i32.shr_s", -8, 65, -4)]
    [InlineData("i32.shr_u", -1, 31 + 32, 1)]
    [InlineData("i32.rotl", int.MinValue, 1, 1)]
    [InlineData("i32.rotr", 1, 33, int.MinValue)]
    public void Shift_counts_wrap_around(string shift, int value, int count, int expected) =>
        Assert.Equal(expected, Guest.Function<Func<int, int, int>>("i32,i32->i32", $"local.get 0 local.get 1 {shift}")(value, count));

    [Theory]
    [InlineData("i64.clz", 0L, 64L)]
    [InlineData("i64.ctz", 0L, 64L)]
    [InlineData("i64.popcnt", -1L, 64L)]
    [InlineData("i64.extend8_s", 0x80L, -128L)]
    [InlineData("i64.extend32_s", 0x8000_0000L, -2147483648L)]
    public void Bits_are_counted_and_extended(string instruction, long value, long expected) =>
        Assert.Equal(expected, Guest.Function<Func<long, long>>("i64->i64", $"local.get 0 {instruction}")(value));

    [Theory]
    [InlineData("f64.min", 0d, -0d, -0d)]
    [InlineData("f64.max", -0d, 0d, 0d)]
    [InlineData("f64.min", double.NaN, 1d, double.NaN)]
    [InlineData("f64.max", 1d, double.NaN, double.NaN)]
    public void Minimum_and_maximum_know_zeros_and_nan(string instruction, double left, double right, double expected)
    {
        var result = Guest.Function<Func<double, double, double>>("f64,f64->f64", $"local.get 0 local.get 1 {instruction}")(left, right);
        Assert.Equal((expected, double.IsNegative(expected) && !double.IsNaN(expected)), (result, double.IsNegative(result) && !double.IsNaN(result)));
    }

    [Theory]
    [InlineData(2.5, 2d)]
    [InlineData(-0.5, -0d)]
    [InlineData(4503599627370497.5, 4503599627370498d)]
    public void Nearest_rounds_ties_to_even(double value, double expected) =>
        Assert.Equal(expected, Guest.Function<Func<double, double>>("f64->f64", "local.get 0 f64.nearest")(value));

    [Theory]
    [InlineData(2147483648d, TrapKind.IntegerOverflow)]
    [InlineData(-2147483649d, TrapKind.IntegerOverflow)]
    [InlineData(double.NaN, TrapKind.InvalidConversionToInteger)]
    public void A_float_that_does_not_fit_traps(double value, TrapKind kind)
    {
        var run = Guest.Function<Func<double, int>>("f64->i32", "local.get 0 i32.trunc_f64_s");
        Assert.Equal(kind, Guest.TrapOf(() => run(value)));
    }

    [Theory]
    [InlineData(2147483647.9, int.MaxValue)]
    [InlineData(-2147483648.9, int.MinValue)]
    public void A_float_fits_when_its_integer_part_does(double value, int expected) =>
        Assert.Equal(expected, Guest.Function<Func<double, int>>("f64->i32", "local.get 0 i32.trunc_f64_s")(value));

    [Theory]
    [InlineData(double.NaN, 0u)]
    [InlineData(-5d, 0u)]
    [InlineData(1e20, uint.MaxValue)]
    [InlineData(3e9, 3_000_000_000u)]
    public void Saturating_conversions_take_the_nearest(double value, uint expected) =>
        Assert.Equal(expected, Guest.Function<Func<double, uint>>("f64->i32", "local.get 0 i32.trunc_sat_f64_u")(value));

    [Theory]
    [InlineData(0x8000_0080_0000_0001ul, 9223372586610590000f)]
    [InlineData(ulong.MaxValue, 18446744073709551616f)]
    [InlineData(16777217ul, 16777216f)]
    public void An_unsigned_integer_is_rounded_once(ulong value, float expected) =>
        Assert.Equal(expected, Guest.Function<Func<ulong, float>>("i64->f32", "local.get 0 f32.convert_i64_u")(value));

    [Theory]
    [InlineData("f32.neg", 0x7FA0_0001u, 0xFFA0_0001u)]
    [InlineData("f32.abs", 0xFFA0_0001u, 0x7FA0_0001u)]
    [InlineData("f32.const 1 f32.mul", 0x7FA0_0001u, 0x7FE0_0001u)]
    [InlineData("f32.const 0 f32.sub", 0x7FA0_0001u, 0x7FE0_0001u)]
    public void Arithmetic_makes_a_signalling_nan_quiet_and_bit_operations_do_not(string code, uint bits, uint expected) =>
        Assert.Equal(expected, Guest.Function<Func<uint, uint>>("i32->i32", $"local.get 0 f32.reinterpret_i32 {code} i32.reinterpret_f32")(bits));

    [Theory]
    [InlineData("i32", "i32.const 3", "i32.const 4", 1, 3)]
    [InlineData("i32", "i32.const 3", "i32.const 4", 0, 4)]
    [InlineData("i32", "i32.const 3", "i32.const 4", int.MinValue, 3)]
    public void Select_takes_the_first_for_any_condition_but_zero(string kind, string first, string second, int condition, int expected) =>
        Assert.Equal(expected, Guest.Function<Func<int, int>>($"i32->{kind}", $"{first} {second} local.get 0 select")(condition));

    [Fact]
    public void Select_works_for_every_type()
    {
        var instance = Guest.Instance("i32->i64,f32,f64,externref", """
            i64.const -5000000000 i64.const 2 local.get 0 select
            f32.const 1.5 f32.const 2.5 local.get 0 select
            f64.const 1.25 f64.const 2.25 local.get 0 select
            ref.null externref ref.null externref local.get 0 select_typed externref
            """);
        Assert.Equal((-5_000_000_000L, 1.5f, 1.25, null), instance.GetFunction<Func<int, (long, float, double, object?)>>("run")(-1));
        Assert.Equal((2L, 2.5f, 2.25, null), instance.GetFunction<Func<int, (long, float, double, object?)>>("run")(0));
    }
}

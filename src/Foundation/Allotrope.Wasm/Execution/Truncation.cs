namespace Allotrope.Wasm;

/// <summary>
/// Floats to integers with a trap for what does not fit. Each range is open and given by the nearest floats outside of it, so that
/// no rounding of the bounds lets a wrong value pass.
/// </summary>
static class Truncation
{
    const double Two31 = 2147483648d;
    const double Two32 = 4294967296d;
    const double Two63 = 9223372036854775808d;
    const double Two64 = 18446744073709551616d;

    internal static int ToInt32(double value) => value > -Two31 - 1 && value < Two31 ? (int)value : throw Outside(value);

    internal static int ToUInt32(double value) => value > -1 && value < Two32 ? (int)(uint)value : throw Outside(value);

    internal static long ToInt64(double value) => value >= -Two63 && value < Two63 ? (long)value : throw Outside(value);

    internal static long ToUInt64(double value) => value > -1 && value < Two64 ? (long)(ulong)value : throw Outside(value);

    /// <summary>The nearest integer of the type; NaN gives zero.</summary>
    internal static int SaturateToInt32(double value) => (int)value;

    internal static int SaturateToUInt32(double value) => (int)(uint)value;

    internal static long SaturateToInt64(double value) => (long)value;

    internal static long SaturateToUInt64(double value) => (long)(ulong)value;

    static Trap Outside(double value) =>
        new(double.IsNaN(value) ? TrapKind.InvalidConversionToInteger : TrapKind.IntegerOverflow);
}

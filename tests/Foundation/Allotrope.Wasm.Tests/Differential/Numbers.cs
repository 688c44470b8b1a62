namespace Allotrope.Wasm.Tests.Differential;

/// <summary>Numbers at which something turns over, and others.</summary>
static class Numbers
{
    static readonly long[] Integers =
    [
        0, 1, -1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, -128, 32767, 32768, 65535, 65536, 65528, 131072, int.MaxValue, int.MinValue,
        uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue, 0x0102030405060708, 0x5555555555555555,
    ];

    static readonly double[] Floats =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e10, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 9223372036854775807.0,
        -9223372036854775808.0, 18446744073709551616.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, double.MaxValue, float.MaxValue,
        float.Epsilon, 8388608, 4503599627370496, 0.1, 3.14159,
    ];

    /// <summary>A number of the type as its bits, floats without signalling NaNs.</summary>
    public static ulong Bits(ValueKind kind, Chance chance) => kind switch
    {
        ValueKind.I32 => (uint)Integer(chance),
        ValueKind.I64 => (ulong)Integer(chance),
        ValueKind.F32 => BitConverter.SingleToUInt32Bits((float)Float(chance)),
        _ => BitConverter.DoubleToUInt64Bits(Float(chance)),
    };

    public static long Integer(Chance chance) => chance.Below(4) switch
    {
        0 => (long)chance.Bits(),
        1 => chance.Of(Integers),
        _ => chance.From(-4, 100),
    };

    /// <summary>NaN has the sign and payload that WebAssembly calls canonical, with a positive sign.</summary>
    static double Float(Chance chance) => chance.Below(4) switch
    {
        0 => (long)chance.Bits() / (double)(1L << chance.Below(63)),
        1 => chance.Of(Floats) is var value && double.IsNaN(value) ? BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000) : value,
        _ => chance.From(-4, 100) / 2.0,
    };
}

using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>Float instructions that .NET has no single operation for with WebAssembly's exact results.</summary>
static class FloatMath
{
    /// <summary>IEEE 754-2019 minimum; a NaN operand comes out quiet, with its payload, as an addition gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Min(float left, float right) =>
        left < right ? left : right < left ? right : left == right ? Or(left, right) : left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Max(float left, float right) =>
        left > right ? left : right > left ? right : left == right ? And(left, right) : left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Min(double left, double right) =>
        left < right ? left : right < left ? right : left == right ? Or(left, right) : left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Max(double left, double right) =>
        left > right ? left : right > left ? right : left == right ? And(left, right) : left + right;

    // Absolute value, negation and sign copying are bit operations: they keep a NaN's payload, quiet or not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Abs(float value) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0x7FFF_FFFF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Abs(double value) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) & 0x7FFF_FFFF_FFFF_FFFF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Negate(float value) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) ^ 0x8000_0000);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Negate(double value) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) ^ 0x8000_0000_0000_0000);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float CopySign(float value, float sign) => BitConverter.UInt32BitsToSingle(
        (BitConverter.SingleToUInt32Bits(value) & 0x7FFF_FFFF) | (BitConverter.SingleToUInt32Bits(sign) & 0x8000_0000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double CopySign(double value, double sign) => BitConverter.UInt64BitsToDouble(
        (BitConverter.DoubleToUInt64Bits(value) & 0x7FFF_FFFF_FFFF_FFFF) | (BitConverter.DoubleToUInt64Bits(sign) & 0x8000_0000_0000_0000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Ceil(float value) => Quiet(MathF.Ceiling(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Floor(float value) => Quiet(MathF.Floor(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Truncate(float value) => Quiet(MathF.Truncate(value));

    /// <summary>To the nearest integer, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Nearest(float value) => Quiet(MathF.Round(value, MidpointRounding.ToEven));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Ceil(double value) => Quiet(Math.Ceiling(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Floor(double value) => Quiet(Math.Floor(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Truncate(double value) => Quiet(Math.Truncate(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Nearest(double value) => Quiet(Math.Round(value, MidpointRounding.ToEven));

    /// <summary>A signalling NaN becomes quiet: for results of .NET operations that may hand a NaN on unchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Quiet(float value) => float.IsNaN(value) ? value + value : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Quiet(double value) => double.IsNaN(value) ? value + value : value;

    /// <summary>Every NaN as the positive canonical one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Canonical(float value) => float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(0x7FC0_0000) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Canonical(double value) => double.IsNaN(value) ? BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000) : value;

    /// <summary>A constant the just-in-time compiler must not see: it keeps constants as doubles, and so makes a signalling NaN quiet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static float OpaqueSingle(int bits) => BitConverter.Int32BitsToSingle(bits);

    /// <summary>
    /// An unsigned 64-bit integer, rounded once: halving a large one with its lost bit kept sticky makes it signed without moving it across a
    /// rounding boundary.
    /// </summary>
    internal static float FromUInt64(long value) =>
        value >= 0 ? (float)value : 2f * (long)(((ulong)value >> 1) | ((ulong)value & 1));

    internal static double DoubleFromUInt64(long value) =>
        value >= 0 ? (double)value : 2d * (long)(((ulong)value >> 1) | ((ulong)value & 1));

    /// <summary>Of equal values only zeros differ: the sign bits decide.</summary>
    static float Or(float left, float right) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) | BitConverter.SingleToUInt32Bits(right));

    static float And(float left, float right) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) & BitConverter.SingleToUInt32Bits(right));

    static double Or(double left, double right) =>
        BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(left) | BitConverter.DoubleToUInt64Bits(right));

    static double And(double left, double right) =>
        BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(left) & BitConverter.DoubleToUInt64Bits(right));
}

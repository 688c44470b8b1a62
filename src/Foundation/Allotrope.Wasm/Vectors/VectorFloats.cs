using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Allotrope.Wasm;

/// <summary>
/// Float vector instructions that .NET has no single operation for with WebAssembly's exact results. The processor's minimum and maximum on x64
/// give the second operand when one is NaN or both are zero: asking both ways round shows the difference.
/// </summary>
static class VectorFloats
{
    /// <summary>Bits of a NaN's payload below the quiet bit: cleared, so that every NaN that comes out is canonical.</summary>
    const int SinglePayload = 10, DoublePayload = 13;

    /// <summary>Of two zeros the negative one, which the sign bits' "or" is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Min(Vector128<float> left, Vector128<float> right)
    {
        if (!Sse2.IsSupported)
            return AdvSimd.IsSupported ? AdvSimd.Min(left, right) : Map(left, right, FloatMath.Min);
        var least = Sse.Min(left, right) | Sse.Min(right, left);
        var nan = Sse.CompareUnordered(least, least);
        return Sse.AndNot((nan.AsUInt32() >>> SinglePayload).AsSingle(), least | nan);
    }

    /// <summary>Of two zeros the positive one: what differs is subtracted from itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Max(Vector128<float> left, Vector128<float> right)
    {
        if (!Sse2.IsSupported)
            return AdvSimd.IsSupported ? AdvSimd.Max(left, right) : Map(left, right, FloatMath.Max);
        var most = Sse.Max(left, right);
        var difference = most ^ Sse.Max(right, left);
        most = (most | difference) - difference;
        return Sse.AndNot((Sse.CompareUnordered(most, most).AsUInt32() >>> SinglePayload).AsSingle(), most);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> Min(Vector128<double> left, Vector128<double> right)
    {
        if (!Sse2.IsSupported)
            return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.Min(left, right) : Map(left, right, FloatMath.Min);
        var least = Sse2.Min(left, right) | Sse2.Min(right, left);
        var nan = Sse2.CompareUnordered(least, least);
        return Sse2.AndNot((nan.AsUInt64() >>> DoublePayload).AsDouble(), least | nan);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> Max(Vector128<double> left, Vector128<double> right)
    {
        if (!Sse2.IsSupported)
            return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.Max(left, right) : Map(left, right, FloatMath.Max);
        var most = Sse2.Max(left, right);
        var difference = most ^ Sse2.Max(right, left);
        most = (most | difference) - difference;
        return Sse2.AndNot((Sse2.CompareUnordered(most, most).AsUInt64() >>> DoublePayload).AsDouble(), most);
    }

    /// <summary>The right one if it is less, else the left one: x64's minimum with its operands swapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> PseudoMin(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.Min(right, left) : Vector128.ConditionalSelect(Vector128.LessThan(right, left), right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> PseudoMax(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.Max(right, left) : Vector128.ConditionalSelect(Vector128.LessThan(left, right), right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> PseudoMin(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.Min(right, left) : Vector128.ConditionalSelect(Vector128.LessThan(right, left), right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> PseudoMax(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.Max(right, left) : Vector128.ConditionalSelect(Vector128.LessThan(left, right), right, left);

    /// <summary>Sets the quiet bit of NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Quiet(Vector128<float> value) =>
        value | Vector128.AndNot(Vector128.Create(0x0040_0000).AsSingle(), Vector128.Equals(value, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> Quiet(Vector128<double> value) =>
        value | Vector128.AndNot(Vector128.Create(0x0008_0000_0000_0000).AsDouble(), Vector128.Equals(value, value));

    /// <summary>Every NaN as the positive canonical one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Canonical(Vector128<float> value) =>
        Vector128.ConditionalSelect(Vector128.Equals(value, value).AsUInt32(), value.AsUInt32(), Vector128.Create(0x7FC0_0000u)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> Canonical(Vector128<double> value) =>
        Vector128.ConditionalSelect(Vector128.Equals(value, value).AsUInt64(), value.AsUInt64(), Vector128.Create(0x7FF8_0000_0000_0000ul)).AsDouble();

    /// <summary>Whether the operand is a constant in which some lane is 0, 1 or the negative of one.</summary>
    internal static bool HasZeroOrOne32(in Operand operand)
    {
        var magnitudes = Vector128.Abs(Vector128.Create(operand.Bits, operand.High).AsSingle());
        return operand.Place == Place.Constant && (Vector128.EqualsAny(magnitudes, default) || Vector128.EqualsAny(magnitudes, Vector128<float>.One));
    }

    internal static bool HasZeroOrOne64(in Operand operand)
    {
        var magnitudes = Vector128.Abs(Vector128.Create(operand.Bits, operand.High).AsDouble());
        return operand.Place == Place.Constant && (Vector128.EqualsAny(magnitudes, default) || Vector128.EqualsAny(magnitudes, Vector128<double>.One));
    }

    // Processors that cannot round vectors: one number at a time.
    internal static Vector128<float> Ceil(Vector128<float> value) => Map(value, FloatMath.Ceil);

    internal static Vector128<float> Floor(Vector128<float> value) => Map(value, FloatMath.Floor);

    internal static Vector128<float> Truncate(Vector128<float> value) => Map(value, FloatMath.Truncate);

    internal static Vector128<float> Nearest(Vector128<float> value) => Map(value, FloatMath.Nearest);

    internal static Vector128<double> Ceil(Vector128<double> value) => Map(value, FloatMath.Ceil);

    internal static Vector128<double> Floor(Vector128<double> value) => Map(value, FloatMath.Floor);

    internal static Vector128<double> Truncate(Vector128<double> value) => Map(value, FloatMath.Truncate);

    internal static Vector128<double> Nearest(Vector128<double> value) => Map(value, FloatMath.Nearest);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector128<T> Map<T>(Vector128<T> value, Func<T, T> function)
    {
        for (var i = 0; i < Vector128<T>.Count; i++)
            value = value.WithElement(i, function(value[i]));
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector128<T> Map<T>(Vector128<T> left, Vector128<T> right, Func<T, T, T> function)
    {
        for (var i = 0; i < Vector128<T>.Count; i++)
            left = left.WithElement(i, function(left[i], right[i]));
        return left;
    }
}

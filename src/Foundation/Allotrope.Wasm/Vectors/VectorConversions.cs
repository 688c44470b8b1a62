using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Allotrope.Wasm;

/// <summary>Conversions between integers and double precision that are not one operation of .NET.</summary>
static class VectorConversions
{
    /// <summary>2^52: added to an integer of up to 52 bits it makes a double whose lower bits are the integer.</summary>
    const double Magic = 4503599627370496d;

    const ulong MagicBits = 0x4330_0000_0000_0000;

    /// <summary>Saturated; NaN gives zero; the upper two lanes are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> ToInt32(Vector128<double> value)
    {
        if (!Sse2.IsSupported)
            return Vector128.Create(Truncation.SaturateToInt32(value[0]), Truncation.SaturateToInt32(value[1]), 0, 0);
        // The processor's minimum gives the second operand for NaN. What is too small becomes the smallest integer by itself.
        var most = Sse2.CompareOrdered(value, value) & Vector128.Create((double)int.MaxValue);
        return Sse2.ConvertToVector128Int32WithTruncation(Sse2.Min(value, most));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> ToUInt32(Vector128<double> value)
    {
        if (!Sse41.IsSupported)
            return Vector128.Create((uint)Truncation.SaturateToUInt32(value[0]), (uint)Truncation.SaturateToUInt32(value[1]), 0, 0);
        var inside = Sse2.Min(Sse2.Max(value, Vector128<double>.Zero), Vector128.Create((double)uint.MaxValue));
        var integers = (Sse41.RoundToZero(inside) + Vector128.Create(Magic)).AsSingle();
        return Sse.Shuffle(integers, Vector128<float>.Zero, 0b10_00_10_00).AsUInt32();
    }

    /// <summary>The lower two lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> ToDouble(Vector128<int> value) =>
        Sse2.IsSupported ? Sse2.ConvertToVector128Double(value) : Vector128.ConvertToDouble(Vector128.WidenLower(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> ToDouble(Vector128<uint> value) =>
        (Vector128.WidenLower(value) | Vector128.Create(MagicBits)).AsDouble() - Vector128.Create(Magic);

    /// <summary>To single precision; the upper two lanes are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Demote(Vector128<double> value) =>
        Sse2.IsSupported ? Sse2.ConvertToVector128Single(value) : Vector128.Narrow(value, Vector128<double>.Zero);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Allotrope.Wasm;

/// <summary>Integer vector instructions that are not one operation of .NET: in as few as the processor has, and in plain ones where it has none.</summary>
static class VectorIntegers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool AnyTrue(Vector128<byte> value) => value != Vector128<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool AllTrue<T>(Vector128<T> value) => !Vector128.EqualsAny(value, Vector128<T>.Zero);

    /// <summary>The smallest integer is its own absolute value; .NET's method may throw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<T> Abs<T>(Vector128<T> value) =>
        Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128<T>.Zero), -value, value);

    /// <summary>Half the sum, rounded up: (a | b) - ((a ^ b) >> 1).</summary>
    internal static Vector128<byte> Average(Vector128<byte> left, Vector128<byte> right) => (left | right) - ((left ^ right) >>> 1);

    internal static Vector128<ushort> Average(Vector128<ushort> left, Vector128<ushort> right) => (left | right) - ((left ^ right) >>> 1);

    /// <summary>Bits of each byte: of its halves by table, or by adding neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> PopCount(Vector128<byte> value)
    {
        if (Ssse3.IsSupported)
        {
            var table = Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
            var low = Vector128.Create((byte)0x0F);
            return Ssse3.Shuffle(table, value & low) + Ssse3.Shuffle(table, (value.AsUInt16() >>> 4).AsByte() & low);
        }

        value -= (value >>> 1) & Vector128.Create((byte)0x55);
        value = (value & Vector128.Create((byte)0x33)) + ((value >>> 2) & Vector128.Create((byte)0x33));
        return (value + (value >>> 4)) & Vector128.Create((byte)0x0F);
    }

    internal static Vector128<byte> NarrowToUnsigned(Vector128<short> left, Vector128<short> right)
    {
        var most = Vector128.Create((short)byte.MaxValue);
        return Vector128.Narrow(Clamp(left, most).AsUInt16(), Clamp(right, most).AsUInt16());
    }

    internal static Vector128<ushort> NarrowToUnsigned(Vector128<int> left, Vector128<int> right)
    {
        var most = Vector128.Create((int)ushort.MaxValue);
        return Vector128.Narrow(Clamp(left, most).AsUInt32(), Clamp(right, most).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<short> AddPairs(Vector128<sbyte> value)
    {
        if (Ssse3.IsSupported)
            return Ssse3.MultiplyAddAdjacent(Vector128.Create((byte)1), value);
        var pairs = value.AsInt16();
        return ((pairs << 8) >> 8) + (pairs >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ushort> AddPairs(Vector128<byte> value)
    {
        if (Ssse3.IsSupported)
            return Ssse3.MultiplyAddAdjacent(value, Vector128.Create((sbyte)1)).AsUInt16();
        var pairs = value.AsUInt16();
        return (pairs & Vector128.Create((ushort)byte.MaxValue)) + (pairs >>> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> AddPairs(Vector128<short> value)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(value, Vector128.Create((short)1));
        var pairs = value.AsInt32();
        return ((pairs << 16) >> 16) + (pairs >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> AddPairs(Vector128<ushort> value)
    {
        var pairs = value.AsUInt32();
        return (pairs & Vector128.Create((uint)ushort.MaxValue)) + (pairs >>> 16);
    }

    /// <summary>Products of neighbours, added: their sum wraps around where all four factors are the smallest integer.</summary>
    internal static Vector128<int> Dot(Vector128<short> left, Vector128<short> right)
    {
        var (a, b) = (left.AsInt32(), right.AsInt32());
        return (((a << 16) >> 16) * ((b << 16) >> 16)) + ((a >> 16) * (b >> 16));
    }

    /// <summary>The product of two fractions in Q15, rounded; the square of -1 does not fit and saturates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<short> MultiplyQ15(Vector128<short> left, Vector128<short> right)
    {
        if (Ssse3.IsSupported)
        {
            var product = Ssse3.MultiplyHighRoundScale(left, right);
            return product ^ Vector128.Equals(product, Vector128.Create(short.MinValue));
        }

        var half = Vector128.Create(0x4000);
        var low = ((Vector128.WidenLower(left) * Vector128.WidenLower(right)) + half) >> 15;
        var high = ((Vector128.WidenUpper(left) * Vector128.WidenUpper(right)) + half) >> 15;
        var most = Vector128.Create((int)short.MaxValue);
        return Vector128.Narrow(Vector128.Min(low, most), Vector128.Min(high, most));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<short> Clamp(Vector128<short> value, Vector128<short> most) => Vector128.Min(Vector128.Max(value, Vector128<short>.Zero), most);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Clamp(Vector128<int> value, Vector128<int> most) => Vector128.Min(Vector128.Max(value, Vector128<int>.Zero), most);
}

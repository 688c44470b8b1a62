using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Allotrope.Wasm;

/// <summary>Products twice as wide as their factors, of the lower or the upper half of the lanes.</summary>
static class VectorProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<short> Low(Vector128<sbyte> left, Vector128<sbyte> right) => Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<short> High(Vector128<sbyte> left, Vector128<sbyte> right) => Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ushort> Low(Vector128<byte> left, Vector128<byte> right) => Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ushort> High(Vector128<byte> left, Vector128<byte> right) => Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    // The two halves of each product, interleaved: faster than a product of widened factors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Low(Vector128<short> left, Vector128<short> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(Sse2.MultiplyLow(left, right), Sse2.MultiplyHigh(left, right)).AsInt32()
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> High(Vector128<short> left, Vector128<short> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(Sse2.MultiplyLow(left, right), Sse2.MultiplyHigh(left, right)).AsInt32()
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Low(Vector128<ushort> left, Vector128<ushort> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(Sse2.MultiplyLow(left, right), Sse2.MultiplyHigh(left, right)).AsUInt32()
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> High(Vector128<ushort> left, Vector128<ushort> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(Sse2.MultiplyLow(left, right), Sse2.MultiplyHigh(left, right)).AsUInt32()
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    // The instruction multiplies lanes 0 and 2, so the wanted two are moved there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<long> Low(Vector128<int> left, Vector128<int> right) => Sse41.IsSupported
        ? Sse41.Multiply(Sse2.UnpackLow(left, left), Sse2.UnpackLow(right, right))
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<long> High(Vector128<int> left, Vector128<int> right) => Sse41.IsSupported
        ? Sse41.Multiply(Sse2.UnpackHigh(left, left), Sse2.UnpackHigh(right, right))
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> Low(Vector128<uint> left, Vector128<uint> right) => Sse2.IsSupported
        ? Sse2.Multiply(Sse2.UnpackLow(left, left), Sse2.UnpackLow(right, right))
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> High(Vector128<uint> left, Vector128<uint> right) => Sse2.IsSupported
        ? Sse2.Multiply(Sse2.UnpackHigh(left, left), Sse2.UnpackHigh(right, right))
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);
}

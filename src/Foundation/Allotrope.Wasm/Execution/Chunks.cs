using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// Work on ranges in pieces that take microseconds, between which the guest looks whether it must stop. It goes on where it was; what a piece reads has
/// not been written by another one, also when the ranges overlap.
/// </summary>
static unsafe class Chunks
{
    const int Bytes = 64 << 10;

    /// <summary>Elements of a piece; those that are references take longer to write.</summary>
    internal static int Of<T>() => RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? Bytes / 16 : Bytes / Unsafe.SizeOf<T>();

    internal static void Fill(byte* target, byte value, ulong count, Guard guard)
    {
        for (; count > Bytes; target += Bytes, count -= Bytes)
        {
            NativeMemory.Fill(target, Bytes, value);
            guard.Look();
        }

        NativeMemory.Fill(target, (nuint)count, value);
    }

    internal static void Copy(byte* source, byte* target, ulong count, Guard guard)
    {
        if (target > source && target < source + count)
        {
            for (; count > Bytes; guard.Look())
            {
                count -= Bytes;
                Buffer.MemoryCopy(source + count, target + count, Bytes, Bytes);
            }
        }
        else
        {
            for (; count > Bytes; source += Bytes, target += Bytes, count -= Bytes, guard.Look())
                Buffer.MemoryCopy(source, target, Bytes, Bytes);
        }

        Buffer.MemoryCopy(source, target, count, count);
    }

    internal static void Fill<T>(Span<T> target, T value, Guard guard)
    {
        for (; target.Length > Of<T>(); target = target[Of<T>()..], guard.Look())
            target[..Of<T>()].Fill(value);
        target.Fill(value);
    }

    internal static void Copy<T>(ReadOnlySpan<T> source, Span<T> target, Guard guard)
    {
        var piece = Of<T>();
        if (source.Overlaps(target, out var ahead) && ahead > 0)
        {
            for (; source.Length > piece; source = source[..^piece], target = target[..^piece], guard.Look())
                source[^piece..].CopyTo(target[^piece..]);
        }
        else
        {
            for (; source.Length > piece; source = source[piece..], target = target[piece..], guard.Look())
                source[..piece].CopyTo(target);
        }

        source.CopyTo(target);
    }
}

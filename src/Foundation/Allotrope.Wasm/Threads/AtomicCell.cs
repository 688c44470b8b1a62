using System.Numerics;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>Atomic operations on a naturally aligned piece of memory, sequentially consistent with one another. All give what was there before.</summary>
static unsafe class AtomicCell
{
    internal static T Load<T>(nint address)
        where T : unmanaged, IBinaryInteger<T> => Interlocked.CompareExchange(ref At<T>(address), T.Zero, T.Zero);

    internal static void Store<T>(nint address, T value)
        where T : unmanaged, IBinaryInteger<T> => Interlocked.Exchange(ref At<T>(address), value);

    internal static T Exchange<T>(nint address, T value)
        where T : unmanaged, IBinaryInteger<T> => Interlocked.Exchange(ref At<T>(address), value);

    internal static T CompareExchange<T>(nint address, T expected, T value)
        where T : unmanaged, IBinaryInteger<T> => Interlocked.CompareExchange(ref At<T>(address), value, expected);

    internal static T Add<T>(nint address, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var seen = At<T>(address); ;)
        {
            var before = Interlocked.CompareExchange(ref At<T>(address), unchecked(seen + value), seen);
            if (before == seen)
                return before;
            seen = before;
        }
    }

    internal static T Subtract<T>(nint address, T value)
        where T : unmanaged, IBinaryInteger<T> => Add(address, unchecked(T.Zero - value));

    internal static T And<T>(nint address, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var seen = At<T>(address); ;)
        {
            var before = Interlocked.CompareExchange(ref At<T>(address), seen & value, seen);
            if (before == seen)
                return before;
            seen = before;
        }
    }

    internal static T Or<T>(nint address, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var seen = At<T>(address); ;)
        {
            var before = Interlocked.CompareExchange(ref At<T>(address), seen | value, seen);
            if (before == seen)
                return before;
            seen = before;
        }
    }

    internal static T Xor<T>(nint address, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var seen = At<T>(address); ;)
        {
            var before = Interlocked.CompareExchange(ref At<T>(address), seen ^ value, seen);
            if (before == seen)
                return before;
            seen = before;
        }
    }

    static ref T At<T>(nint address)
        where T : unmanaged => ref Unsafe.AsRef<T>((void*)address);
}

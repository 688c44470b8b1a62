using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>Where the current thread's stack ends.</summary>
static unsafe partial class StackBounds
{
    /// <summary>Left free below the guest for host functions, the just-in-time compiler and the unwinding of a trap.</summary>
    const uint Reserve = 256 << 10;

    /// <summary>
    /// What <see cref="RuntimeHelpers.EnsureSufficientExecutionStack"/> guarantees, less a margin, where the real end cannot be learnt.
    /// </summary>
    const uint AssumedWhenUnknown = 32 << 10;

    [ThreadStatic]
    static nuint _lowest;

    /// <summary>Lowest address a guest entered now may reach: <paramref name="bytes"/> further down, but never into the reserve.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static nuint LimitBelowHere(int bytes)
    {
        byte marker;
        var here = (nuint)(&marker);
        if (_lowest == 0)
            _lowest = Lowest();
        var lowest = _lowest;
        if (lowest == nuint.MaxValue)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            lowest = here - AssumedWhenUnknown;
        }

        return Math.Max(lowest, here - (nuint)Math.Max(bytes, 0));
    }

    /// <summary>Whether this thread's stack reaches further down than a limit already.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool IsBelow(nuint limit)
    {
        byte marker;
        return (nuint)(&marker) < limit;
    }

    static nuint Lowest()
    {
        var (start, size) = OperatingSystem.IsWindows() ? OnWindows() : OperatingSystem.IsLinux() ? OnLinux() : default;
        return size == 0 ? nuint.MaxValue : start + Math.Min(Reserve, size / 2);
    }

    static (nuint Start, nuint Size) OnWindows()
    {
        GetCurrentThreadStackLimits(out var low, out var high);
        return (low, high - low);
    }

    static (nuint Start, nuint Size) OnLinux()
    {
        var attributes = stackalloc byte[128]; // pthread_attr_t has 56 bytes on x64 and 64 on arm64
        if (pthread_getattr_np(pthread_self(), attributes) != 0)
            return default;
        var found = pthread_attr_getstack(attributes, out var start, out var size);
        _ = pthread_attr_destroy(attributes);
        return found == 0 ? (start, size) : default;
    }

    // pthread_getattr_np(3): attributes of a running thread, its stack among them; glibc and musl. Without it: AssumedWhenUnknown.
    [LibraryImport("libc")]
    private static partial int pthread_getattr_np(nint thread, byte* attributes);

    // pthread_self(3)
    [LibraryImport("libc")]
    private static partial nint pthread_self();

    // pthread_attr_getstack(3): lowest address and size
    [LibraryImport("libc")]
    private static partial int pthread_attr_getstack(byte* attributes, out nuint start, out nuint size);

    // pthread_attr_destroy(3)
    [LibraryImport("libc")]
    private static partial int pthread_attr_destroy(byte* attributes);

    // GetCurrentThreadStackLimits (processthreadsapi.h)
    [LibraryImport("kernel32")]
    private static partial void GetCurrentThreadStackLimits(out nuint low, out nuint high);
}

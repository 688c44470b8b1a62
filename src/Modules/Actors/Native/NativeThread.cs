using System.Runtime.InteropServices;

namespace Allotrope.Actors.Native;

/// <summary>
/// The scheduling of single threads on Linux, which .NET's thread priorities do not reach. On other systems every call does nothing and says so.
/// </summary>
static unsafe partial class NativeThread
{
    const string Libc = "libc";

    /// <summary>PRIO_PROCESS of setpriority(2). On Linux the id of a thread is accepted and only that thread is meant.</summary>
    const int PrioProcess = 0;

    /// <summary>Id of the calling thread for <see cref="Lower"/>, or 0 where there is none.</summary>
    public static int CurrentId => OperatingSystem.IsLinux() ? gettid() : 0;

    /// <summary>
    /// Gives a thread of this process the nice value <paramref name="nice"/>. Raising it again would need a privilege, so a thread that was
    /// lowered stays so. False when the system does not let us; the thread then merely keeps its share.
    /// </summary>
    public static bool Lower(int threadId, int nice) => threadId != 0 && setpriority(PrioProcess, threadId, nice) == 0;

    /// <summary>The clock of the calling thread's processor time, for <see cref="ProcessorTime"/>; 0 where there is none.</summary>
    public static int CurrentClock()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        int clock;
        return pthread_getcpuclockid(pthread_self(), &clock) == 0 ? clock : 0;
    }

    /// <summary>How long the thread of <paramref name="clock"/> has run on a processor; <see langword="null"/> where that cannot be known.</summary>
    public static TimeSpan? ProcessorTime(int clock)
    {
        Timespec time;
        return clock != 0 && clock_gettime(clock, &time) == 0
            ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : null;
    }

    struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <remarks>gettid(2), in glibc since 2.30.</remarks>
    [LibraryImport(Libc)]
    private static partial int gettid();

    /// <remarks>setpriority(2).</remarks>
    [LibraryImport(Libc)]
    private static partial int setpriority(int which, int who, int nice);

    /// <remarks>pthread_self(3).</remarks>
    [LibraryImport(Libc)]
    private static partial nint pthread_self();

    /// <remarks>pthread_getcpuclockid(3).</remarks>
    [LibraryImport(Libc)]
    private static partial int pthread_getcpuclockid(nint thread, int* clock);

    /// <remarks>clock_gettime(2); 64-bit Linux, where both fields have eight bytes.</remarks>
    [LibraryImport(Libc)]
    private static partial int clock_gettime(int clock, Timespec* time);
}

using System.Runtime.InteropServices;

namespace Allotrope.Listening;

/// <summary>How many files and sockets this process may have open (man 2 getrlimit, RLIMIT_NOFILE).</summary>
static partial class OpenFiles
{
    const int LinuxNumber = 7;

    /// <summary>The lowest descriptor that the system will not give out; <see cref="int.MaxValue"/> where there is no limit or none is known.</summary>
    public static int Limit =>
        OperatingSystem.IsLinux() && GetLimit(LinuxNumber, out var limit) == 0 ? (int)nuint.Min(limit.Current, int.MaxValue) : int.MaxValue;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Pair limit);

    /// <summary><c>struct rlimit</c>; <c>rlim_t</c> is as wide as a word.</summary>
    struct Pair
    {
        public nuint Current;
        public nuint Most;
    }
}

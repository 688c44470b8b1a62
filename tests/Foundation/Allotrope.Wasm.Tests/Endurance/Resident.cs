using System.Globalization;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm.Tests.Endurance;

/// <summary>
/// The process's resident memory, after full collections that give memory back to the system and a trim of the C heap.
/// </summary>
/// <param name="All">Bytes in all (<c>VmRSS</c> in <c>/proc/self/status</c>).</param>
/// <param name="Private">Those of heaps, code and stacks, without mapped files (<c>RssAnon</c>): where a leak shows.</param>
readonly partial record struct Resident(long All, long Private)
{
    const int Rounds = 6;

    public static bool IsKnown => OperatingSystem.IsLinux();

    /// <summary>The least of a few measurements, as finalizers and the unloading of code need several rounds.</summary>
    public static Resident Settled()
    {
        var least = default(Resident?);
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            _ = malloc_trim(0);
            var now = new Resident(Read("VmRSS:"), Read("RssAnon:"));
            if (least is null || now.Private < least.Value.Private) least = now;
        }
        return least!.Value;
    }

    /// <summary>What has been added to the private memory, as a part of all there was at first.</summary>
    public static double Growth(Resident before, Resident after) => (after.Private - before.Private) / (double)before.All;

    public override string ToString() => $"{All >> 10} KiB resident, {Private >> 10} of them private";

    static long Read(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>See malloc_trim(3): gives free memory of the C heap back to the system.</summary>
    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}

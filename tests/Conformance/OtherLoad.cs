using System.Diagnostics;
using System.Globalization;

namespace Allotrope.Conformance;

/// <summary>How much of the machine's processors others have used since this was made: what a measurement of time cannot be blamed for.</summary>
/// <param name="helpers">What processes that belong to the test have used of processors by now; null for none.</param>
sealed class OtherLoad(Func<TimeSpan>? helpers = null)
{
    /// <summary>With a third of the processors taken by others, a percentile tells of them.</summary>
    public const double TooMuch = 0.33;

    /// <summary>USER_HZ of proc(5) on every Linux that .NET runs on.</summary>
    const double TicksASecond = 100;

    readonly long _begun = Stopwatch.GetTimestamp();
    readonly TimeSpan _all = All();
    readonly TimeSpan _ours = Ours(helpers);

    /// <summary>From 0 to 1: the share of all processors' time that neither the tests nor their helpers have used.</summary>
    public double Share =>
        Math.Max(0, (All() - _all - (Ours(helpers) - _ours)) / (Stopwatch.GetElapsedTime(_begun) * Environment.ProcessorCount));

    static TimeSpan Ours(Func<TimeSpan>? helpers) => Environment.CpuUsage.TotalTime + (helpers?.Invoke() ?? TimeSpan.Zero);

    // cpu  user nice system idle iowait irq softirq steal ...
    static TimeSpan All() => TimeSpan.FromSeconds(File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
        .Select((ticks, column) => column is 3 or 4 ? 0 : double.Parse(ticks, CultureInfo.InvariantCulture)).Sum() / TicksASecond);
}

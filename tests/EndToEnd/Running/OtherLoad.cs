using System.Diagnostics;
using System.Globalization;

namespace Allotrope.EndToEnd;

/// <summary>How much of the machine's processors others have used since this was made: what a measurement of time cannot be blamed for.</summary>
sealed class OtherLoad(RunningNode node)
{
    /// <summary>USER_HZ of proc(5) on every Linux that .NET runs on.</summary>
    const double TicksASecond = 100;

    readonly long _begun = Stopwatch.GetTimestamp();
    readonly TimeSpan _all = All();
    readonly TimeSpan _ours = Ours(node);

    /// <summary>From 0 to 1: the share of all processors' time that neither the tests nor their node have used.</summary>
    public double Share =>
        Math.Max(0, (All() - _all - (Ours(node) - _ours)) / (Stopwatch.GetElapsedTime(_begun) * Environment.ProcessorCount));

    static TimeSpan Ours(RunningNode node) => Environment.CpuUsage.TotalTime + node.ProcessorTime;

    // cpu  user nice system idle iowait irq softirq steal ...
    static TimeSpan All() => TimeSpan.FromSeconds(File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
        .Select((ticks, column) => column is 3 or 4 ? 0 : double.Parse(ticks, CultureInfo.InvariantCulture)).Sum() / TicksASecond);
}

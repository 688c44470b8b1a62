using System.Diagnostics;
using System.Globalization;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>
/// How soon a program gives its first answer in each tier, with and without code in the cache, and how fast it is after that: a process for each, which
/// runs rounds for some seconds and prints when each ended and how long it took, in milliseconds.
/// </summary>
static class WarmUp
{
    /// <summary>The first argument of a process that is measured.</summary>
    public const string Command = "--warm";

    static readonly Tier[] Tiers = [Tier.Compiled, Tier.Interpreted, Tier.Tiered];

    /// <summary>What a measured process does: <c>--warm PROGRAM TIER SECONDS [CACHE]</c>.</summary>
    public static void Run(string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        var workload = Workload.Kernels.Concat(Workload.Programs).Single(workload => workload.Name == arguments[0]);
        var cache = arguments.ElementAtOrDefault(3) is { } folder ? new CodeCache(folder) : null;
        using var ours = new Ours(MemoryChecks.Automatic) { Options = new() { Tier = Enum.Parse<Tier>(arguments[1]), Cache = cache } };
        Print(ours.LoadMilliseconds(workload));
        var end = TimeSpan.FromSeconds(int.Parse(arguments[2], CultureInfo.InvariantCulture));
        while (Stopwatch.GetElapsedTime(start) < end)
            Print(ours.Run(workload.Size).Milliseconds);

        void Print(double milliseconds) => Console.WriteLine(
            FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} {milliseconds:F2} {Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds:F0}"));
    }

    public static string Write(IEnumerable<Workload> workloads, int seconds)
    {
        var page = new StringWriter(CultureInfo.InvariantCulture);
        page.WriteLine("| program | tier | first answer, ms | processor until then, ms | second | third | best | median of the last half |");
        page.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|");
        var folder = Directory.CreateTempSubdirectory("engine-bench-");
        try
        {
            foreach (var workload in workloads)
                foreach (var (tier, cached) in Tiers.SelectMany(tier => tier == Tier.Interpreted ? [(tier, false)] : new[] { (tier, false), (tier, true) }))
                {
                    string[] arguments = [Command, workload.Name, $"{tier}", $"{seconds}", .. cached ? [folder.FullName] : Array.Empty<string>()];
                    if (cached) Measure([Command, workload.Name, $"{Tier.Compiled}", "0", folder.FullName]);
                    var rounds = Measure(arguments);
                    var times = rounds.ConvertAll(round => round.Took);
                    var late = times[(1 + (times.Count / 2))..];
                    page.WriteLine($"| {workload.Name} | {tier}{(cached ? ", code from the cache" : "")} | {times[0]:F0} | {rounds[0].Processor:F0} | {times.ElementAtOrDefault(1):F1} | {times.ElementAtOrDefault(2):F1} | {times.Min():F1} | {(late.Count > 0 ? Contest.Median(late) : 0):F1} |");
                }
            return page.ToString();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static List<(double Took, double Processor)> Measure(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return [.. lines.Select(line => line.Split(' ')).Select(words => (double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture)))];
    }
}

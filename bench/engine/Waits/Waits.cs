using System.Diagnostics;
using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>What it costs that guests can be suspended, and what it costs to suspend them.</summary>
static class Waits
{
    static readonly CompileOptions Suspendable = new() { Suspendable = SuspendableImports.All };

    public static string Write(bool quick, IEnumerable<Workload> workloads)
    {
        var text = new StringBuilder("\n## Waiting\n\nTime with code that can be suspended in all calls (kernels) or in those that reach an import (programs), with other code as the unit.\n\n");
        text.AppendLine("| what | time |\n|---|--:|");
        foreach (var workload in workloads)
            text.AppendLine($"| {workload.Name} | {Cost(workload, quick):0.00} |");
        text.AppendLine("\nA guest that waits and goes on on the same thread, by how many of its functions are on the stack: all leave it and come back, or only the one that waits again.\n");
        text.AppendLine("| functions | all, microseconds | the last, microseconds | bytes for each of 1,000 that wait |\n|--:|--:|--:|--:|");
        foreach (var depth in new[] { 1, 10, 100, 1_000 })
            text.AppendLine($"| {depth} | {Time(depth, quick, 1):0.00} | {Time(depth, quick, 1_000):0.00} | {Bytes(depth):N0} |");
        return text.ToString();
    }

    static double Cost(Workload workload, bool quick)
    {
        using var plain = new Ours(MemoryChecks.Automatic);
        using var suspendable = new Ours(MemoryChecks.Automatic) { Options = Suspendable with { SuspendsAll = workload.Host is null } };
        plain.LoadMilliseconds(workload);
        suspendable.LoadMilliseconds(workload);
        List<double> without = [], with = [];
        var (warmUps, rounds) = quick ? (1, 3) : (5, 15);
        for (var round = -warmUps; round < rounds; round++)
        {
            var (one, other) = (plain.Run(quick ? workload.QuickSize : workload.Size), suspendable.Run(quick ? workload.QuickSize : workload.Size));
            if (one.Checksum != other.Checksum) throw new InvalidOperationException($"{workload.Name} computes something else when it can be suspended.");
            if (round < 0) continue;
            without.Add(one.Milliseconds);
            with.Add(other.Milliseconds);
        }

        return Contest.Median(with) / Contest.Median(without);
    }

    /// <summary>Microseconds for a wait.</summary>
    static double Time(int depth, bool quick, int waits)
    {
        var guest = new Rest(Suspendable);
        var calls = Math.Max(1, (quick ? 200 : 20_000) / (waits > 1 ? waits : depth));
        List<double> times = [];
        for (var round = -20; round < 15; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < calls; call++) guest.Run(depth - 1, waits);
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls / waits);
        }

        return Contest.Median(times);
    }

    static long Bytes(int depth)
    {
        var guests = Enumerable.Range(0, 1_000).Select(_ => new Rest(Suspendable)).ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var calls = guests.ConvertAll(guest => guest.BeginAsync(depth - 1));
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / guests.Count;
        guests.ForEach(guest => guest.Continue());
        if (!calls.TrueForAll(call => call.IsCompletedSuccessfully)) throw new InvalidOperationException("a guest waits for nothing");
        return bytes;
    }
}

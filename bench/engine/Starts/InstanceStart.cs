using System.Diagnostics;
using System.Globalization;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>
/// What one more instance costs: the time from nothing to its first call's result, and the resident memory while it lives. The module has a memory of 1 MiB
/// of which 128 KiB are initialised, and a table.
/// </summary>
static class InstanceStart
{
    const int WarmUps = 200;
    const int Kept = 200;
    const string StatusFile = "/proc/self/status";

    static string Module => Path.Combine(AppContext.BaseDirectory, "kernels", "start.wasm");

    public static (double Microseconds, double KiB, long HeapBytes) Ours(int rounds)
    {
        var (module, linker) = (Wasm.Module.Compile(File.ReadAllBytes(Module)), new Linker());
        var times = new List<double>();
        var allocated = 0L;
        for (var round = -WarmUps; round < rounds; round++)
        {
            var (start, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            using var store = new Store();
            linker.Instantiate(store, module).GetFunction<Func<int, int>>("run")(1);
            if (round < 0) continue;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        var resident = ResidentKiB();
        var kept = new List<(Store, Instance)>();
        for (var i = 0; i < Kept; i++)
        {
            var store = new Store();
            kept.Add((store, linker.Instantiate(store, module)));
            kept[^1].Item2.GetFunction<Func<int, int>>("run")(1);
        }
        var each = (ResidentKiB() - resident) / Kept;
        foreach (var (store, _) in kept) store.Dispose();
        return (ColdStart.Median(times), each, allocated);
    }

    /// <exception cref="InvalidOperationException">node does not answer.</exception>
    public static (double Microseconds, double KiB) Node(int rounds)
    {
        string[] arguments = ["--expose-gc", Path.Combine(AppContext.BaseDirectory, "start.mjs"), Module, $"{WarmUps}", $"{rounds}", $"{Kept}"];
        using var process = Process.Start(new ProcessStartInfo("node", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var answer = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return answer is [var time, var memory] ? (Number(time), Number(memory)) : throw new InvalidOperationException("node did not measure instances.");
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    static double ResidentKiB() => !File.Exists(StatusFile) ? Environment.WorkingSet / 1024.0
        : Number(File.ReadLines(StatusFile).First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
}

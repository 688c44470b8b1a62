using System.Diagnostics;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>Our engine as the node uses it: interruption and stack checks are on, and accesses stay in bounds in one of two ways.</summary>
sealed class Ours(MemoryChecks checks, bool metered = false) : IPeer
{
    public CompileOptions Options { get; init; } = new() { MemoryChecks = checks, Fuel = metered };

    Func<int, int>? _run;

    public string Name => $".NET {Environment.Version}";

    public double LoadMilliseconds(Workload workload)
    {
        var bytes = File.ReadAllBytes(workload.ModulePath);
        var source = workload.SourcePath is { } path ? File.ReadAllText(path) : "";
        var start = Stopwatch.GetTimestamp();
        _run = (workload.Host ?? StartKernel)(Module.Compile(bytes, Options), source);
        _run(1);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public Round Run(int size)
    {
        var start = Stopwatch.GetTimestamp();
        var checksum = _run!(size);
        return new(Stopwatch.GetElapsedTime(start).TotalMilliseconds, checksum);
    }

    public void Dispose()
    {
    }

    static Func<int, int> StartKernel(Module module, string source) => new Linker()
        .Define("host", "step", (int value) => unchecked((value * 3) + 1))
        .Define("host", "blend", (int one, int two, int three, int four) => unchecked((one * 3) + (two ^ three) - four))
        .Instantiate(new Store { Fuel = long.MaxValue }, module)
        .GetFunction<Func<int, int>>("run");
}

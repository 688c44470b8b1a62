using System.Diagnostics;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>Our engine as the node uses it: default options, so bounds, interruption and stack checks are on.</summary>
sealed class Ours : IPeer
{
    readonly Linker _linker = new();
    Func<int, int>? _run;

    public Ours() => _linker.Define("host", "step", (int value) => unchecked(value * 3 + 1));

    public string Name => $".NET {Environment.Version}";

    public double LoadMilliseconds(Kernel kernel)
    {
        var bytes = File.ReadAllBytes(kernel.Path);
        var start = Stopwatch.GetTimestamp();
        var module = Module.Compile(bytes);
        _run = _linker.Instantiate(new Store(), module).GetFunction<Func<int, int>>("run");
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
}

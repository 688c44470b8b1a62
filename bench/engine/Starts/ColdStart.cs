using System.Diagnostics;
using System.Globalization;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>
/// Processes that load one module, call it if it needs nothing from a host, and end: this program with and without a cache of code, compiled ahead of time
/// too where <c>run</c> has published it so, and node. All of them again in each round.
/// </summary>
sealed class ColdStart(int rounds)
{
    /// <summary>The first argument of a process that is measured.</summary>
    public const string Command = "--start";

    /// <summary>Beside this program's own folder; <c>run</c> makes it.</summary>
    static readonly string Ahead = Path.Combine(AppContext.BaseDirectory, "..", "ahead", "Allotrope.Bench.Engine");

    /// <summary>What a measured process does.</summary>
    /// <param name="module">The file.</param>
    /// <param name="cache">The folder of the cache, if there is to be one.</param>
    public static void Run(string module, string? cache)
    {
        var start = Stopwatch.GetTimestamp();
        var options = new CompileOptions { Cache = cache is null ? null : new CodeCache(cache) };
        var compiled = Module.Compile(File.ReadAllBytes(module), options);
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (compiled.Imports.Count == 0)
            new Linker().Instantiate(new Store(), compiled).GetFunction<Func<int, int>>("run")(1);
        Console.WriteLine(milliseconds.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Each way's medians, in milliseconds: the whole process, and compiling alone.</summary>
    public IReadOnlyList<(string Way, double Process, double Compile)> Measure(string module)
    {
        var folder = Directory.CreateTempSubdirectory("engine-bench-");
        try
        {
            var self = Environment.ProcessPath!;
            List<(string Way, string Program, string[] Arguments)> ways =
            [
                ("ours", self, [Command, module]),
                ("ours, code from the cache", self, [Command, module, Path.Combine(folder.FullName, "code")]),
            ];
            if (File.Exists(Ahead))
            {
                ways.Add(("ours, compiled ahead of time", Ahead, [Command, module]));
                ways.Add(("ours, ahead of time and from the cache", Ahead, [Command, module, Path.Combine(folder.FullName, "ahead")]));
            }
            ways.Add(("node", "node", [Path.Combine(AppContext.BaseDirectory, "start.mjs"), module]));
            foreach (var (_, program, arguments) in ways) Time(program, arguments); // fills caches, ours and the system's
            var figures = ways.ConvertAll(_ => (Process: new List<double>(), Compile: new List<double>()));
            for (var round = 0; round < rounds; round++)
                foreach (var (index, (_, program, arguments)) in ways.Index())
                {
                    var (whole, compile) = Time(program, arguments);
                    figures[index].Process.Add(whole);
                    figures[index].Compile.Add(compile);
                }
            return [.. ways.Zip(figures, (way, figure) => (way.Way, Median(figure.Process), Median(figure.Compile)))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>How long a process lived, and what it said of compiling, in milliseconds.</summary>
    public static (double Process, double Compile) Time(string program, string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return double.TryParse(output, CultureInfo.InvariantCulture, out var compile)
            ? (whole, compile)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended without saying how long compiling took.");
    }
}

using System.Diagnostics;
using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>
/// What a MiB of a program costs until it can run. Both engines leave most of it to first calls, so both are also measured when they must not: ours
/// prepares every function, node compiles every function with its optimiser.
/// </summary>
static class CompileTime
{
    /// <summary>Has node compile all functions at once, and well.</summary>
    static readonly string[] AtOnce = ["--no-wasm-lazy-compilation", "--no-liftoff"];

    public static string Write(bool quick)
    {
        var programs = Workload.Programs.Where(program => File.Exists(program.ModulePath)).Take(quick ? 1 : int.MaxValue).ToList();
        if (programs.Count == 0) return "";
        var text = new StringBuilder("\n## Compiling\n\nMilliseconds per MiB, medians. We prepare on one thread, in a process that has compiled before; node has all cores.\n\n");
        text.AppendLine("| program | MiB | ours | node | speed | ours, every function | node, every function optimised | speed |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var program in programs)
        {
            var (compile, prepared) = Ours(program, quick ? 1 : 3);
            var (lazy, all) = (Node(program, [], quick ? 1 : 5), Node(program, AtOnce, quick ? 1 : 3));
            var size = program.KiB / 1024;
            text.Append($"| {program.Name} | {size:0.00} | {compile / size:0} | {lazy / size:0} | {lazy / compile:0.00} ");
            text.AppendLine($"| {prepared / size:0} | {all / size:0} | {all / prepared:0.00} |");
        }
        return text.ToString();
    }

    static (double Compile, double Prepared) Ours(Workload program, int rounds)
    {
        var bytes = File.ReadAllBytes(program.ModulePath);
        List<double> compile = [], prepared = [];
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var module = Module.Compile(bytes);
            compile.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            module.Prepare();
            prepared.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (Contest.Median(compile), Contest.Median(prepared));
    }

    static double Node(Workload program, string[] flags, int rounds)
    {
        string[] arguments = [.. flags, Path.Combine(AppContext.BaseDirectory, "start.mjs"), program.ModulePath];
        return Contest.Median([.. Enumerable.Range(0, rounds).Select(_ => ColdStart.Time("node", arguments).Compile)]);
    }
}

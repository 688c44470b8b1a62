using System.Text;

namespace Allotrope.Bench.Engine;

/// <summary>The part of the page about starting: processes and instances.</summary>
static class StartReport
{
    /// <summary>A module of a kernel, and a large program's where its package is there.</summary>
    static readonly string[] Modules = ["kernels/sha256.wasm", "programs/node_modules/sql.js/dist/sql-wasm.wasm"];

    public static string Write(bool quick)
    {
        var text = new StringBuilder("\n## Starting\n\nA process from its start to its end, which loads a module and calls it (the large one is only compiled); medians in ms. Speed is\nof the whole process, with node's as the unit.\n\n");
        foreach (var module in Modules.Select(name => Path.Combine(AppContext.BaseDirectory, name)).Where(File.Exists))
        {
            text.AppendLine($"| {Path.GetFileName(module)}, {new FileInfo(module).Length / 1024.0:0.0} KiB | process | of it compiling | speed |\n|---|--:|--:|--:|");
            var ways = new ColdStart(quick ? 1 : 11).Measure(module);
            foreach (var (way, process, compile) in ways)
                text.AppendLine($"| {way} | {process:0} | {compile:0.0} | {ways[^1].Process / process:0.00} |");
            text.AppendLine();
        }
        var rounds = quick ? 50 : 2000;
        var (ours, node) = (InstanceStart.Ours(rounds), InstanceStart.Node(rounds));
        text.AppendLine("| an instance with 1 MiB of memory, 128 KiB of it initialised | ours | node | node by ours |\n|---|--:|--:|--:|");
        text.AppendLine($"| from nothing to its first call's result, µs | {ours.Microseconds:0.0} | {node.Microseconds:0.0} | {node.Microseconds / ours.Microseconds:0.00} |");
        text.AppendLine($"| resident memory while it lives, KiB | {ours.KiB:0} | {node.KiB:0} | {node.KiB / ours.KiB:0.00} |");
        text.AppendLine($"| of it on the .NET heap, bytes | {ours.HeapBytes} | | |");
        return text.ToString();
    }
}

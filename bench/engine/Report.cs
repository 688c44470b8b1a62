using System.Runtime.InteropServices;
using System.Text;

namespace Allotrope.Bench.Engine;

/// <summary>The outcomes as a Markdown page.</summary>
static class Report
{
    const string ProcessorFile = "/proc/cpuinfo";

    public static double GeometricMean(IEnumerable<double> speeds) => Math.Exp(speeds.Average(Math.Log));

    public static string Write(IReadOnlyList<Outcome> kernels, IReadOnlyList<Outcome> programs, IReadOnlyList<Outcome> hostCalls, string ours, string node)
    {
        var text = new StringBuilder();
        text.AppendLine("# Engine speed against node's WebAssembly\n");
        text.AppendLine($"Our engine on {ours} with its checks for interruption and stack depth, and guard pages or explicit bounds checks, against V8 in {node}, on");
        text.AppendLine($"{Environment.ProcessorCount} cores of {Processor()}, {RuntimeInformation.ProcessArchitecture}. Same files, alternating rounds; medians.");
        text.AppendLine("Speed is node's time divided by ours: more than 1 is faster than node. The last column is our time when fuel is counted, divided by ours without.\n");
        AppendTable(text, "kernel", kernels);
        AppendTable(text, "program", programs);
        text.AppendLine("| also | ours | node | speed |");
        text.AppendLine("|---|--:|--:|--:|");
        foreach (var call in hostCalls)
            text.AppendLine($"| {call.Workload.Measures}, ns | {PerCall(call, call.Ours):0.0} | {PerCall(call, call.Node):0.0} | {call.Speed:0.00} |");
        var all = kernels.Concat(programs).ToList();
        var (first, further) = (all[0], all.Skip(1).ToList());
        var (ourLoad, nodeLoad) = (PerKiB(further, outcome => outcome.OurLoad), PerKiB(further, outcome => outcome.NodeLoad));
        text.Append("| the process's first module: compile, instantiate, call; ms ");
        text.AppendLine($"| {first.OurLoad:0.0} | {first.NodeLoad:0.0} | {first.NodeLoad / first.OurLoad:0.00} |");
        text.AppendLine($"| further modules, ms/KiB | {ourLoad:0.00} | {nodeLoad:0.00} | {nodeLoad / ourLoad:0.00} |\n");
        text.AppendLine("The first module pays for making our compiler itself machine code: this program is not compiled ahead of time.");
        return text.ToString();

        double PerCall(Outcome call, double milliseconds) => milliseconds * 1e6 / call.Size;
    }

    static void AppendTable(StringBuilder text, string what, IReadOnlyList<Outcome> outcomes)
    {
        if (outcomes.Count == 0) return;
        text.AppendLine($"| {what} | measures | ours, ms | with checks, ms | node, ms | speed | with checks | time with fuel |");
        text.AppendLine("|---|---|--:|--:|--:|--:|--:|--:|");
        foreach (var outcome in outcomes)
        {
            var (name, measures) = (outcome.Workload.Name, outcome.Workload.Measures);
            text.Append($"| {name} | {measures} | {outcome.Ours:0.00} | {outcome.WithChecks:0.00} | {outcome.Node:0.00} ");
            text.AppendLine($"| {outcome.Speed:0.00} | {outcome.CheckedSpeed:0.00} | {outcome.MeteringCost:0.00} |");
        }
        var (mean, checkedMean) = (GeometricMean(outcomes.Select(outcome => outcome.Speed)), GeometricMean(outcomes.Select(outcome => outcome.CheckedSpeed)));
        var fuelMean = GeometricMean(outcomes.Select(outcome => outcome.MeteringCost));
        text.AppendLine($"| **geometric mean** | | | | | **{mean:0.00}** | **{checkedMean:0.00}** | **{fuelMean:0.00}** |\n");
    }

    static double PerKiB(IReadOnlyList<Outcome> outcomes, Func<Outcome, double> load) =>
        outcomes.Sum(load) / outcomes.Sum(outcome => outcome.Workload.KiB);

    static string Processor() =>
        File.Exists(ProcessorFile) && File.ReadLines(ProcessorFile).FirstOrDefault(IsModelName) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim()
            : "an unknown processor";

    static bool IsModelName(string line) => line.StartsWith("model name", StringComparison.Ordinal);
}

using System.Runtime.InteropServices;

namespace Allotrope.Bench;

/// <summary>What the figures were measured on, as far as it explains them.</summary>
static class Machine
{
    public static string Describe() =>
        $"{Environment.ProcessorCount} cores of {Processor()}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture} Linux.";

    /// <summary>How many wanted to run, on average, in the last minute, five minutes and quarter of an hour.</summary>
    public static string Load() => string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    static string Processor() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
        ? line[(line.IndexOf(':') + 1)..].Trim()
        : "an unnamed processor";
}

using System.Globalization;

namespace Allotrope.Bench.Gateway;

/// <summary>The table of one comparison, in Markdown.</summary>
static class Report
{
    public static string Write(BenchOptions options, IReadOnlyList<Load> node, IReadOnlyList<Load> bare)
    {
        double Ratio(Func<Load, double> value) => Median(node, value) / Median(bare, value);
        return string.Create(CultureInfo.InvariantCulture, $"""
        # Gateway

        `./dev bench gateway`: the `hello` actor of `samples/hello` through a node's gateway, and a bare Kestrel endpoint that gives the same
        answer. Medians of {options.Rounds} alternating rounds of {options.Seconds} s, wrk with one thread and {options.Connections} connections on the same machine.

        | | requests/s | p50 ms | p99 ms |
        |---|---:|---:|---:|
        | hello through the gateway | {Median(node, load => load.RequestsPerSecond):0} | {Median(node, load => load.Median):0.00} | {Median(node, load => load.P99):0.00} |
        | bare Kestrel | {Median(bare, load => load.RequestsPerSecond):0} | {Median(bare, load => load.Median):0.00} | {Median(bare, load => load.P99):0.00} |
        | ratio | {Ratio(load => load.RequestsPerSecond):0.00} | {Ratio(load => load.Median):0.00} | {Ratio(load => load.P99):0.00} |

        {Machine.Describe()}

        """);
    }

    static double Median(IReadOnlyList<Load> rounds, Func<Load, double> value)
    {
        var sorted = rounds.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

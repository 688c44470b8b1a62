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
        answer. Medians of {options.Rounds} alternating rounds of {options.Seconds} s, wrk with one thread and {options.Connections} connections on
        the same machine.

        | | requests/s | p50 ms | p99 ms |
        |---|---:|---:|---:|
        {Row("hello through the gateway", node)}
        {Row("bare Kestrel", bare)}
        | ratio | {Ratio(load => load.RequestsPerSecond):0.00} | {Ratio(load => load.Median):0.00} | {Ratio(load => load.P99):0.00} |

        {Machine.Describe()}

        """);
    }

    static string Row(string name, IReadOnlyList<Load> rounds) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {Median(rounds, load => load.RequestsPerSecond):0} | {Median(rounds, load => load.Median):0.00} | {Median(rounds, load => load.P99):0.00} |");

    static double Median(IReadOnlyList<Load> rounds, Func<Load, double> value)
    {
        var sorted = rounds.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

using System.Globalization;

namespace Allotrope.Bench.Gateway;

/// <summary>The table of one comparison, in Markdown.</summary>
static class Report
{
    public static string Write(BenchOptions options, IReadOnlyList<Load> node, IReadOnlyList<Load> bare)
    {
        // Of each round by itself: what disturbs the machine lasts longer than a round and so falls on both sides of a pair
        double Ratio(Func<Load, double> value) => Median(node.Zip(bare, (ours, theirs) => value(ours) / value(theirs)));
        return string.Create(CultureInfo.InvariantCulture, $"""
        # Gateway

        `./dev bench gateway`: the `hello` actor of `samples/hello` through a node's gateway, and a bare Kestrel endpoint that gives the same
        answer. Medians of {options.Rounds} alternating rounds of {options.Seconds} s, wrk with one thread and {options.Connections} connections on
        the same machine. The ratio is the median of the rounds' ratios.

        | | requests/s | p50 ms | p99 ms |
        |---|---:|---:|---:|
        {Row("hello through the gateway", node)}
        {Row("bare Kestrel", bare)}
        | ratio | {Ratio(load => load.RequestsPerSecond):0.00} | {Ratio(load => load.Median):0.00} | {Ratio(load => load.P99):0.00} |

        {Machine.Describe()}

        """);
    }

    static string Row(string name, IReadOnlyList<Load> rounds)
    {
        var rate = Median(rounds.Select(load => load.RequestsPerSecond));
        var (half, tail) = (Median(rounds.Select(load => load.Median)), Median(rounds.Select(load => load.P99)));
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {rate:0} | {half:0.00} | {tail:0.00} |");
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

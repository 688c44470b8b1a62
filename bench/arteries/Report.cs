using System.Globalization;
using System.Text;

namespace Allotrope.Bench.Arteries;

/// <summary>The table of one comparison, in Markdown.</summary>
static class Report
{
    public static string Write(BenchOptions options, IReadOnlyDictionary<string, List<Round>> rounds)
    {
        var ours = rounds.First();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Arteries

            `./dev bench arteries`: a zone's core and its peers, each server in a process of its own on loopback, all clients in one other process. Medians of
            {options.Rounds} alternating rounds. One to one is one way, through the server: from the call that says it to the handler that hears it. Singly, each is said when the
            one before was heard; batched, as fast as they come through. Bytes are of one intent with a number as data on both wires together, WebSocket
            included, TCP not.

            | | one to one p50 µs | p99 µs | to the last of {Rooms.Listeners} p50 µs | singly /s | batched /s | bytes |
            |---|--:|--:|--:|--:|--:|--:|
            """);
        foreach (var (name, figures) in rounds)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {Of(figures, round => round.Median):0} | {Of(figures, round => round.P99):0} | {Of(figures, round => round.Crowd):0} | {Of(figures, round => round.Singly):0} | {Of(figures, round => round.Batched):0} | {Of(figures, round => round.Bytes):0} |");
        text.AppendLine();
        text.AppendLine("Ratios are medians of the rounds' ratios, ours to the peer's.\n");
        text.AppendLine("| ours to | one to one p50 | p99 | last of the crowd | singly | batched | bytes |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var (name, figures) in rounds.Skip(1))
        {
            // Of each round by itself: what disturbs the machine lasts longer than a round and so falls on both
            double Ratio(Func<Round, double> value) => Median(ours.Value.Zip(figures, (our, their) => value(our) / value(their)));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {Ratio(round => round.Median):0.00} | {Ratio(round => round.P99):0.00} | {Ratio(round => round.Crowd):0.00} | {Ratio(round => round.Singly):0.0} | {Ratio(round => round.Batched):0.0} | {Ratio(round => round.Bytes):0.00} |");
        }

        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Allocated for one intent, batched, by our core and both clients together: {Of(ours.Value, round => round.Allocated ?? 0):0.00} bytes.\n");
        text.AppendLine(Machine.Describe());
        return text.ToString();
    }

    static double Of(IEnumerable<Round> rounds, Func<Round, double> value) => Median(rounds.Select(value));

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

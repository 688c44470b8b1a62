using System.Globalization;

namespace Allotrope.Bench.Arteries;

/// <param name="Rounds">How often each peer is measured; the table shows medians.</param>
/// <param name="Only">Peers to measure; empty for all.</param>
/// <param name="Report">Where the table is written, or <see langword="null"/> for the terminal only.</param>
sealed record BenchOptions(int Rounds, Sizes Sizes, IReadOnlyList<string> Only, string? Report)
{
    const string Usage = """
        ./dev bench arteries, or bench/arteries/run [--quick] [--rounds N] [--only NAME[,NAME ...]] [--report FILE]
          --quick         one short round, to see that everything works; writes no report
          --rounds N      measurements of each peer, 9 unless said
          --only NAMES    of allotrope, signalr, socketio, nats; writes no report
          --report FILE   where the table goes, bench/results/arteries.md unless said
        """;

    public static BenchOptions Read(string[] args)
    {
        var options = new BenchOptions(9, Sizes.Full, [], Path.Combine(Repository.Root, "bench", "results", "arteries.md"));
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { Rounds = 1, Sizes = Sizes.Quick, Report = null },
                "--rounds" => options with { Rounds = Number() },
                "--only" => options with { Only = Text().Split(','), Report = null },
                "--report" => options with { Report = Text() },
                _ => throw new BenchException(Usage),
            };

            string Text() => ++i < args.Length ? args[i] : throw new BenchException(Usage);
            int Number() => int.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new BenchException(Usage);
        }

        return options;
    }
}

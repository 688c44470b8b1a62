using System.Globalization;

namespace Allotrope.Bench.Gateway;

/// <param name="Rounds">How often each side is measured; the table shows medians.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="Connections">Kept open by the load generator, each with one request under way.</param>
/// <param name="Node">The program that runs the node.</param>
/// <param name="Report">Where the table is written, or <see langword="null"/> for the terminal only.</param>
sealed record BenchOptions(int Rounds, int Seconds, int Connections, string Node, string? Report)
{
    const string Usage = """
        ./dev bench gateway, or bench/gateway/run [--quick] [--rounds N] [--seconds N] [--connections N] [--node PROGRAM] [--report FILE]
          --quick          one short round, to see that everything works; writes no report
          --rounds N       measurements of each side, 5 unless said
          --seconds N      length of each, 8 unless said
          --connections N  open connections, 32 unless said
          --node PROGRAM   what runs the node, ./allot unless said
          --report FILE    where the table goes, bench/results/gateway.md unless said
        """;

    public static BenchOptions Read(string[] args)
    {
        var options = new BenchOptions(5, 8, 32, Path.Combine(Repository.Root, "allot"), Path.Combine(Repository.Root, "bench", "results", "gateway.md"));
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { Rounds = 1, Seconds = 2, Report = null },
                "--rounds" => options with { Rounds = Number() },
                "--seconds" => options with { Seconds = Number() },
                "--connections" => options with { Connections = Number() },
                "--node" => options with { Node = Path.GetFullPath(Text()) },
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

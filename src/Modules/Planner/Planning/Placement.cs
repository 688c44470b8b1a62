using Allotrope.Contracts;

namespace Allotrope.Planner;

/// <summary>How many instances of one component go where.</summary>
/// <param name="Placed">One for each node that gets some.</param>
/// <param name="Shortfalls">Why not all could be placed, each the rest of a sentence.</param>
sealed record Placement(IReadOnlyList<Placed> Placed, IReadOnlyList<string> Shortfalls)
{
    static readonly IReadOnlyList<Spread> Anywhere = [new("", new Dictionary<string, string>(), Spread.DefaultWeight)];

    /// <summary>
    /// A spreadscaler's instances are shared among its spreads by weight, and within a spread evenly among the nodes that meet its requirements,
    /// in the order given; a daemonscaler puts all on each such node.
    /// </summary>
    public static Placement Of(Scaling scaling, IReadOnlyList<NodeDescription> nodes)
    {
        var spreads = scaling.Spread.Count > 0 ? scaling.Spread : Anywhere;
        var counts = scaling.EveryNode ? [.. spreads.Select(_ => scaling.Instances)] : Shares(scaling.Instances, spreads);
        var (placed, shortfalls) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var (spread, count) in spreads.Zip(counts).Where(share => share.Second > 0))
        {
            var eligible = nodes.Where(node => node.Meets(spread.Requirements)).ToList();
            if (eligible.Count == 0)
                shortfalls.Add(Shortfall(spread, count, nodes));
            for (var i = 0; i < eligible.Count; i++)
            {
                var share = scaling.EveryNode ? count : count / eligible.Count + (i < count % eligible.Count ? 1 : 0);
                if (share > 0)
                    placed[eligible[i].Node] = scaling.EveryNode ? share : placed.GetValueOrDefault(eligible[i].Node) + share;
            }
        }
        return new([.. placed.Select(pair => new Placed(pair.Key, pair.Value))], shortfalls);
    }

    /// <summary>floor(n·w/Σw) for each, then one more from the heaviest on until all are given out: wadm's rule.</summary>
    static int[] Shares(int instances, IReadOnlyList<Spread> spreads)
    {
        var total = spreads.Sum(spread => (long)spread.Weight);
        var shares = spreads.Select(spread => (int)(instances * (long)spread.Weight / total)).ToArray();
        var byWeight = Enumerable.Range(0, spreads.Count).OrderByDescending(i => spreads[i].Weight).ToList();
        var rest = instances - shares.Sum();
        for (var i = 0; i < rest; i++)
            shares[byWeight[i]]++;
        return shares;
    }

    static string Shortfall(Spread spread, int count, IReadOnlyList<NodeDescription> nodes)
    {
        var wanted = Text(spread.Requirements);
        var had = nodes switch
        {
            [] => "there is none",
            [var only] => only.Labels.Count == 0 ? "the node has no labels" : $"the node has {Text(only.Labels)}",
            _ => $"none of {nodes.Count} nodes has",
        };
        return $"{count} of its instances need a node{(wanted.Length > 0 ? $" with {wanted}" : "")} (spread '{spread.Name}'), and {had}";
    }

    static string Text(IReadOnlyDictionary<string, string> labels) =>
        string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}

sealed record Placed(string Node, int Instances);

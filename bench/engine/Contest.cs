namespace Allotrope.Bench.Engine;

/// <summary>
/// Runs one workload on all engines in alternating rounds, so that a change of the machine's mood meets all, and keeps the medians.
/// </summary>
/// <param name="ours">Our engine by default: with guard pages where there are any.</param>
/// <param name="withChecks">Our engine with explicit bounds checks.</param>
/// <param name="metered">Our engine by default, counting fuel.</param>
/// <param name="node">The peer.</param>
/// <param name="warmUps">Rounds before the clock starts.</param>
/// <param name="rounds">Rounds that count.</param>
sealed class Contest(Ours ours, Ours withChecks, Ours metered, V8 node, int warmUps, int rounds)
{
    /// <exception cref="InvalidOperationException">The engines computed different checksums.</exception>
    public Outcome Hold(Workload workload, int size)
    {
        var (ourLoad, nodeLoad) = (ours.LoadMilliseconds(workload), node.LoadMilliseconds(workload));
        withChecks.LoadMilliseconds(workload);
        metered.LoadMilliseconds(workload);
        List<double> ourTimes = [], checkedTimes = [], meteredTimes = [], nodeTimes = [];
        for (var round = -warmUps; round < rounds; round++)
        {
            var (mine, careful, theirs) = (ours.Run(size), withChecks.Run(size), node.Run(size));
            var counting = metered.Run(size);
            if (mine.Checksum != theirs.Checksum || careful.Checksum != theirs.Checksum || counting.Checksum != theirs.Checksum)
                throw new InvalidOperationException($"{workload.Name}({size}) is {mine.Checksum} on our engine but {theirs.Checksum} on node.");
            if (round < 0) continue;
            ourTimes.Add(mine.Milliseconds);
            checkedTimes.Add(careful.Milliseconds);
            meteredTimes.Add(counting.Milliseconds);
            nodeTimes.Add(theirs.Milliseconds);
        }
        return new(workload, size, Median(ourTimes), Median(checkedTimes), Median(meteredTimes), Median(nodeTimes), ourLoad, nodeLoad);
    }

    public static double Median(List<double> times)
    {
        times.Sort();
        return (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }
}

/// <summary>Medians of one workload, in milliseconds.</summary>
sealed record Outcome(Workload Workload, int Size, double Ours, double WithChecks, double Metered, double Node, double OurLoad, double NodeLoad)
{
    /// <summary>Our speed with node's as the unit: more than 1 is faster than node.</summary>
    public double Speed => Node / Ours;

    /// <summary>The same with explicit bounds checks.</summary>
    public double CheckedSpeed => Node / WithChecks;

    /// <summary>What counting fuel multiplies the time by.</summary>
    public double MeteringCost => Metered / Ours;
}

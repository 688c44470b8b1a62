namespace Allotrope.Bench.Engine;

/// <summary>
/// Runs one workload on both engines in alternating rounds, so that a change of the machine's mood meets both, and keeps the medians.
/// </summary>
sealed class Contest(Ours ours, V8 node, int warmUps, int rounds)
{
    /// <exception cref="InvalidOperationException">The engines computed different checksums.</exception>
    public Outcome Hold(Workload workload, int size)
    {
        var (ourLoad, nodeLoad) = (ours.LoadMilliseconds(workload), node.LoadMilliseconds(workload));
        List<double> ourTimes = [], nodeTimes = [];
        for (var round = -warmUps; round < rounds; round++)
        {
            var (mine, theirs) = (ours.Run(size), node.Run(size));
            if (mine.Checksum != theirs.Checksum)
                throw new InvalidOperationException($"{workload.Name}({size}) is {mine.Checksum} on our engine but {theirs.Checksum} on node.");
            if (round < 0) continue;
            ourTimes.Add(mine.Milliseconds);
            nodeTimes.Add(theirs.Milliseconds);
        }
        return new(workload, size, Median(ourTimes), Median(nodeTimes), ourLoad, nodeLoad);
    }

    static double Median(List<double> times)
    {
        times.Sort();
        return (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }
}

/// <summary>Medians of one workload, in milliseconds.</summary>
sealed record Outcome(Workload Workload, int Size, double Ours, double Node, double OurLoad, double NodeLoad)
{
    /// <summary>Our speed with node's as the unit: more than 1 is faster than node.</summary>
    public double Speed => Node / Ours;
}

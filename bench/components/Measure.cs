using System.Diagnostics;

namespace Allotrope.Bench.Components;

/// <summary>Medians of rounds, so that what else the machine does in one of them does not count.</summary>
static class Measure
{
    const int Rounds = 15;

    /// <summary>What is slow is not done often.</summary>
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    /// <returns>Nanoseconds of one call.</returns>
    public static double Call(Action once, bool quick)
    {
        var perRound = quick ? 100 : 20_000;
        var times = new double[quick ? 3 : Rounds];
        Many(once, perRound);
        for (var round = 0; round < times.Length; round++)
            times[round] = Many(once, perRound);
        return Median(times);
    }

    /// <returns>Milliseconds of something that is done once at a time.</returns>
    public static double Once(Action work, bool quick)
    {
        List<double> times = [];
        var begun = Stopwatch.GetTimestamp();
        while (times.Count < (quick ? 1 : Rounds) && (times.Count == 0 || Stopwatch.GetElapsedTime(begun) < Enough))
            times.Add(Many(work, 1) / 1e6);
        return Median([.. times]);
    }

    static double Many(Action once, int count)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            once();
        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds / count;
    }

    static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }
}

using System.Globalization;
using Allotrope.Chaos.Neighbours;

namespace Allotrope.Chaos;

/// <summary>There is no persistent queue: what cannot be delivered is dropped and counted.</summary>
public sealed class DiskTests
{
    const string Counters = "/proc/self/io";

    [Fact]
    public async Task Intents_that_cannot_be_delivered_are_dropped_and_counted_and_no_disk_is_touched()
    {
        if (!File.Exists(Counters))
            Assert.Skip("This system does not count what a process writes.");
        await using var lane = await Lane.OpenAsync();
        lane.Proxy.Weather = Proxies.Weather.Stalled;
        var before = Written();
        await lane.FillAsync();
        for (var i = 0; i < 4; i++)
            await lane.MeasureAsync();

        Assert.Equal(before, Written());
        var victim = lane.VictimStatus;
        Assert.True(victim.Missed > 0);
        Assert.True(victim.Received + victim.Missed + victim.Waiting >= lane.Said); // the core has said a few itself
    }

    /// <summary>Bytes that this process has caused to be written to a disk.</summary>
    static long Written() => long.Parse(
        File.ReadLines(Counters).Single(line => line.StartsWith("write_bytes:", StringComparison.Ordinal))["write_bytes:".Length..], CultureInfo.InvariantCulture);
}

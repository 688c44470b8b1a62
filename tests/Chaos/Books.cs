using Allotrope.Artery;
using Allotrope.Artery.Client;
using Allotrope.Chaos.Services;

namespace Allotrope.Chaos;

/// <summary>Whether what every receiver heard and was told that it missed is what every origin said.</summary>
static class Books
{
    /// <param name="core">Which core of the zone it is, from 1.</param>
    /// <returns>What is wrong, or is not told yet.</returns>
    public static IReadOnlyList<string> Check(IReadOnlyList<ChaosService> services, int core)
    {
        List<string> wrongs = [.. services.Where(service => !service.Life.IsConnected).Select(service => $"{service.Name} is not connected")];
        foreach (var receiver in services)
            foreach (var life in receiver.Lives)
            {
                wrongs.AddRange(life.Wrongs.Select(wrong => $"{receiver.Name}: {wrong}"));
                Check(receiver, life, [.. services.Where(other => other.Plan.Zone == receiver.Plan.Zone)], core, wrongs);
            }

        return wrongs;
    }

    static void Check(ChaosService receiver, Life life, IReadOnlyList<ChaosService> zone, int core, List<string> wrongs)
    {
        var (heard, gaps) = (life.AllHeard, life.Gaps.ToDictionary(gap => new Origin(gap.Origin, gap.Epoch)));
        foreach (var origin in heard.Keys.Union(gaps.Keys).Where(origin => origin.Name != "core"))
            if (!zone.Any(service => service.Lives.Any(other => other.Origin == origin)))
                wrongs.Add($"{receiver.Name} knows {origin}, who is not of its zone");

        foreach (var origin in zone.Where(other => other != receiver))
            foreach (var other in origin.Lives)
            {
                var (count, gap) = (heard.GetValueOrDefault(other.Origin).Count, gaps.GetValueOrDefault(other.Origin));
                var fault = receiver.Plan.Hears(origin.Plan)
                    ? Fault(life, other, count, gap, isNow: life == receiver.Life, originIsNow: other == origin.Life, core)
                    : count + gap.Arrived + gap.Missed > 0 ? "that it is not to hear" : null;
                if (fault is not null)
                    wrongs.Add($"{receiver.Name} has heard {count} of {origin.Name} ({other.Origin.Epoch}, {other.Built} said) {fault}: {gap}");
            }
    }

    static string? Fault(Life receiver, Life origin, long heard, in Gap gap, bool isNow, bool originIsNow, int core)
    {
        var told = gap.Arrived + gap.Missed + gap.Unknown;
        var (owed, isExact) = receiver.Owes(origin);
        return gap.Arrived != heard ? "but counted others"
            : told > origin.Built ? "but accounts for more"
            : !isNow ? null // nobody tells it any more
                            // What has met a core and heard nothing yet when that goes is as if it had just begun
            : originIsNow && told < owed && (isExact || receiver.Core == core) ? $"but accounts for fewer than {owed}"
            // Of a life that has ended, nobody knows more than the core has seen
            : isExact && told < gap.HighSequence ? "but does not account for all below its highest number"
            : null;
    }
}

using Allotrope.Contracts;

namespace Allotrope.Commands;

/// <summary>Shows a zone as its manifest has it, and as it fares.</summary>
static class ZoneTable
{
    public static void Show(ZoneManifest zone, Output output)
    {
        output.Object(zone, ContractsJson.Default.ZoneManifest);
        output.Line(
            $"zone {zone.Zone}: {(zone.Services.Count == 1 ? "1 service" : $"{zone.Services.Count} services")}, a beat every {zone.Heartbeat.TotalSeconds:0.###} s, "
            + $"after {zone.Missed} missed the core {Words.Of(zone.OnFlatline)}, key {zone.Key}");
        output.Table(["  SERVICE", "DIALLED AT", "RECEIVES", "EMITS", "REQUIRED", "QUEUE", "WHEN SLOW", "NOTES"], zone.Services.Select(service => (string[])
        [
            $"  {service.Name}", service.Host is null ? "dials the core" : $"{service.Host}:{service.Port}", Patterns(service.Receive), Patterns(service.Emit),
            service.Required ? "yes" : "no", $"{service.Queue}", Words.Of(service.Slow), string.Join(", ", Notes(service)),
        ]));
    }

    public static void Show(ZoneStatus zone, Output output)
    {
        output.Object(zone, ContractsJson.Default.ZoneStatus);
        output.Line(
            $"zone {zone.Zone}: {zone.Core}, beat {zone.Beat}, pulse {Pulse(zone.PulseMicroseconds)}"
            + $"{(zone.Address is { } address ? $", core at {address}" : "")}{(zone.Message is "" ? "" : $" - {zone.Message}")}");
        output.Table(["  SERVICE", "ARTERY", "PULSE", "SENT", "RECEIVED", "MISSED", "WAITING", "HEALTH"], zone.Arteries.Select(artery => (string[])
        [
            $"  {artery.Service}", Connection(artery), Pulse(artery.Connection is "open" ? artery.PulseMicroseconds : null), $"{artery.Sent}", $"{artery.Received}", $"{artery.Missed}",
            $"{artery.Waiting}", artery.Health ?? "-",
        ]));
        foreach (var remark in Remarks(zone))
            output.Line($"  {remark}");
    }

    /// <summary>A sentence for each service that is worth a look; none when all is well.</summary>
    static IEnumerable<string> Remarks(ZoneStatus zone)
    {
        if (zone.LastRefused is { } last)
            yield return $"{(zone.Refused == 1 ? "1 connection was" : $"{zone.Refused} connections were")} refused, the last from {last}";
        foreach (var artery in zone.Arteries)
        {
            if (artery.Service == zone.Slowest)
                yield return $"{artery.Service} is slow: {Intents(artery.Waiting)} for it and {Dropped(artery)} since the core started.";
            else if (artery is { Connection: "open", Missed: > 0 })
                yield return $"{artery.Service} has missed some: {Dropped(artery)} since the core started, while it was away or too slow.";
            var isFlat = artery.Connection is "flat";
            if (isFlat)
                yield return $"{artery.Service} has flat-lined: it has not answered the last {artery.Unanswered} beats, and {Dropped(artery)}.";
            if (artery is { Satellite: { } remote, Health: not (null or ArteryStatus.Well) })
                yield return $"{artery.Service} is a satellite of {remote}, which is not well: {artery.Health}. The zone itself does not wait for it.";
            if (artery.Message is not "" && !isFlat)
                yield return $"{artery.Service}: {artery.Message}";
        }
    }

    static string Intents(int waiting) => waiting == 1 ? "1 intent waits" : $"{waiting} intents wait";

    static string Dropped(ArteryStatus artery) => artery.Missed == 1 ? "1 intent meant for it was dropped" : $"{artery.Missed} intents meant for it were dropped";

    static string Connection(ArteryStatus artery) => artery.Connection switch
    {
        "flat" => "flat-lined",
        "awaited" => "awaited (it dials)",
        var other => other,
    };

    static IEnumerable<string> Notes(ZoneService service)
    {
        if (service.Backlog)
            yield return "backlog of one beat";
        if (service.Ordered.Count > 0)
            yield return $"ordered: {string.Join(' ', service.Ordered)}";
        if (service.Satellite is { } satellite)
            yield return $"satellite of {satellite}";
        if (service.Legacy)
            yield return "legacy, without proof of the key";
    }

    static string Patterns(IReadOnlyList<string> patterns) => patterns.Count == 0 ? "all" : string.Join(' ', patterns);

    static string Pulse(double? microseconds) => microseconds switch
    {
        null => "-",
        < 1000 => $"{microseconds:0} us",
        _ => $"{microseconds / 1000:0.0} ms",
    };
}

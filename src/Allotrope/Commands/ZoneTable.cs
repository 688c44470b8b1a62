using Allotrope.Contracts;

namespace Allotrope.Commands;

/// <summary>Shows a zone as its manifest has it, and as it fares.</summary>
static class ZoneTable
{
    public static void Show(ZoneManifest zone, Output output)
    {
        output.Object(zone, ContractsJson.Default.ZoneManifest);
        output.Line(
            $"zone {zone.Zone}: {zone.Services.Count} services, a beat every {zone.Heartbeat.TotalSeconds:0.###} s, "
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
            $"zone {zone.Zone}: {zone.Core}, pulse {Pulse(zone.PulseMicroseconds)}, state {zone.StateVersion}"
            + $"{(zone.Slowest is { } slowest ? $", slow: {slowest}" : "")}{(zone.Message is "" ? "" : $" - {zone.Message}")}");
        output.Table(["  ARTERY", "CONNECTION", "PULSE", "SENT", "RECEIVED", "MISSED", "WAITING", "MESSAGE"], zone.Arteries.Select(artery => (string[])
        [
            $"  {artery.Service}", artery.Connection, Pulse(artery.PulseMicroseconds), $"{artery.Sent}", $"{artery.Received}", $"{artery.Missed}",
            $"{artery.Waiting}", artery.Service == zone.Slowest ? $"slow{(artery.Message is "" ? "" : $" - {artery.Message}")}" : artery.Message,
        ]));
    }

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

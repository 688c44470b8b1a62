using System.Text.Json.Nodes;

namespace Allotrope.Contracts;

/// <summary>Writes the properties of a zone in the canonical form, every default spelt out.</summary>
static class CanonicalZone
{
    public static JsonObject Write(ZoneManifest zone, string linkName)
    {
        var json = new JsonObject
        {
            ["heartbeat"] = Quantity.Text(zone.Heartbeat),
            ["missed"] = zone.Missed,
            ["stabilized"] = zone.Stabilized,
            ["onFlatline"] = ZoneVocabulary.NameOf(ZoneVocabulary.Flatline, zone.OnFlatline),
            ["key"] = zone.Key,
            ["link_name"] = linkName,
            ["services"] = Json.List(zone.Services, Write),
        };
        json.AddText("archive", zone.Archive > 0 ? $"{zone.Archive}Mi" : null);
        return json;
    }

    public static JsonObject Write(ZoneService service)
    {
        var json = new JsonObject
        {
            ["name"] = service.Name,
            ["receive"] = Patterns(service.Receive),
            ["emit"] = Patterns(service.Emit),
            ["backlog"] = ZoneVocabulary.NameOf(ZoneVocabulary.Backlog, service.Backlog),
            ["required"] = service.Required,
            ["queue"] = service.Queue,
            ["slow"] = ZoneVocabulary.NameOf(ZoneVocabulary.Slow, service.Slow),
            ["ordered"] = Patterns(service.Ordered),
            ["legacy"] = service.Legacy,
            ["rate"] = service.Rate,
        };
        json.AddText("satellite", service.Satellite);
        json.AddText("host", service.Host);
        if (service.Host is not null)
            (json["port"], json["tls"]) = (service.Port, service.Tls);
        return json;
    }

    static JsonArray Patterns(IReadOnlyList<string> patterns) => Json.List(patterns, pattern => JsonValue.Create(pattern));
}

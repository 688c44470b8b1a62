using System.Text.Json.Nodes;

namespace Allotrope.Contracts;

/// <summary>Writes one link of the canonical form, in the dialect it was written in.</summary>
static class CanonicalLink
{
    public static JsonObject Write(Link link) => new()
    {
        ["type"] = link.IsLinkdef ? "linkdef" : "link",
        ["properties"] = link.IsLinkdef ? Linkdef(link) : Properties(link),
    };

    static JsonObject Linkdef(Link link) => new() { ["target"] = link.Target, ["values"] = Json.Texts(link.Values) };

    static JsonObject Properties(Link link)
    {
        var colon = link.Contract!.IndexOf(':', StringComparison.Ordinal);
        var properties = new JsonObject
        {
            ["target"] = End(link.AtTarget, link.Target),
            ["namespace"] = link.Contract[..colon],
            ["package"] = link.Contract[(colon + 1)..],
            ["interfaces"] = Json.List(link.Interfaces, face => JsonValue.Create(face)),
            ["name"] = link.Name,
        };
        if (End(link.AtSource, name: null) is { Count: > 0 } source)
            properties["source"] = source;
        return properties;
    }

    static JsonObject End(LinkEnd end, string? name)
    {
        var json = new JsonObject();
        json.AddText("name", name);
        CanonicalComponent.AddConfig(json, end.Config);
        json.AddList("secrets", CanonicalComponent.Secrets(end.Secrets));
        return json;
    }
}

using System.Text.Json.Nodes;

namespace Allotrope.Contracts;

/// <summary>Writes one component of the canonical form.</summary>
static class CanonicalComponent
{
    public static JsonObject Write(Component component) => new()
    {
        ["name"] = component.Name,
        ["type"] = TypeOf(component.Kind),
        ["properties"] = component.Zone is { } zone ? CanonicalZone.Write(zone, component.LinkName) : Properties(component),
        ["traits"] = new JsonArray([Scaler(component.Scaling), .. component.Links.Select(CanonicalLink.Write)]),
    };

    /// <summary>The word for a kind.</summary>
    public static string TypeOf(ComponentKind kind) => kind switch
    {
        ComponentKind.Actor => "actor",
        ComponentKind.Capability => "capability",
        ComponentKind.Zone => "zone",
        ComponentKind.Component => "component",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    static JsonObject Properties(Component component)
    {
        var properties = new JsonObject();
        properties.AddText("image", component.Image);
        if (component.StandsFor is var (blueprint, name))
            properties["application"] = new JsonObject { ["name"] = blueprint, ["component"] = name };
        properties.AddText("id", component.Id);
        properties.AddText("contract", component.Contract);
        if (component.Kind is ComponentKind.Capability)
            properties["link_name"] = component.LinkName;
        AddConfig(properties, component.Config);
        properties.AddList("secrets", Secrets(component.Secrets));
        properties["limits"] = new JsonObject
        {
            ["memory"] = $"{component.Limits.MemoryMebibytes}Mi",
            ["callTime"] = Quantity.Text(component.Limits.CallTime),
        };
        properties.AddText("record", component.RecordsTraps ? Component.RecordTraps : null);
        properties.AddText("reuse", component.ReusesInstances ? "true" : null);
        properties.AddList("hosts", Json.List(component.Hosts, host => JsonValue.Create(host)));
        properties.AddList("connect", Json.List(component.Peers, peer => JsonValue.Create(peer)));
        properties.AddList("folders", Json.List(component.Folders, folder => new JsonObject { ["path"] = folder.Path, ["size"] = $"{folder.Mebibytes}Mi" }));
        return properties;
    }

    static JsonObject Scaler(Scaling scaling) => new()
    {
        ["type"] = scaling.EveryNode ? "daemonscaler" : "spreadscaler",
        ["properties"] = new JsonObject
        {
            ["instances"] = scaling.Instances,
            ["spread"] = Json.List(scaling.Spread, spread => new JsonObject
            {
                ["name"] = spread.Name,
                ["requirements"] = Json.Texts(spread.Requirements),
                ["weight"] = spread.Weight,
            }),
        },
    };

    public static void AddConfig(JsonObject json, IReadOnlyList<ConfigSet> config)
    {
        if (config is [{ Name: "" } unnamed])
            json["config"] = Json.Texts(unnamed.Properties);
        else
            json.AddList("config", Json.List(config, set => new JsonObject { ["name"] = set.Name, ["properties"] = Json.Texts(set.Properties) }));
    }

    public static JsonArray Secrets(IReadOnlyList<Secret> secrets) => Json.List(secrets, secret =>
    {
        var properties = new JsonObject { ["policy"] = secret.Policy, ["key"] = secret.Key };
        properties.AddText("field", secret.Field);
        properties.AddText("version", secret.Version);
        return new JsonObject { ["name"] = secret.Name, ["properties"] = properties };
    });
}

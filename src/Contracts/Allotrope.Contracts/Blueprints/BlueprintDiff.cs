using System.Text.Json.Nodes;

namespace Allotrope.Contracts;

/// <summary>What would change between two revisions of a blueprint, in the words of the model.</summary>
public static class BlueprintDiff
{
    /// <summary>The differences in ordinal order of their paths; empty when both mean the same.</summary>
    /// <param name="before">What runs, or <see langword="null"/> when nothing does.</param>
    public static IReadOnlyList<Difference> Between(Blueprint? before, Blueprint after)
    {
        var (old, @new) = (before is null ? [] : Flat(before), Flat(after));
        return [.. old.Keys.Union(@new.Keys).Order(StringComparer.Ordinal)
            .Select(path => new Difference(path, old.GetValueOrDefault(path), @new.GetValueOrDefault(path)))
            .Where(difference => difference.Before != difference.After)];
    }

    /// <summary>Every leaf of the model under a path that stays the same when its neighbours move.</summary>
    static Dictionary<string, string> Flat(Blueprint blueprint)
    {
        var flat = new Dictionary<string, string>();
        Set(flat, "version", blueprint.Version);
        Set(flat, "description", blueprint.Description);
        Set(flat, "labels", blueprint.Labels);
        Set(flat, "annotations", blueprint.Annotations);
        foreach (var component in blueprint.Components)
            Add(flat, $"components.{component.Name}", component);
        foreach (var policy in blueprint.Policies)
        {
            Set(flat, $"policies.{policy.Name}.type", policy.Type);
            Set(flat, $"policies.{policy.Name}", policy.Properties);
        }
        return flat;
    }

    static void Add(Dictionary<string, string> flat, string path, Component component)
    {
        Set(flat, $"{path}.type", CanonicalComponent.TypeOf(component.Kind));
        Set(flat, $"{path}.image", component.Image);
        Set(flat, $"{path}.application", component.StandsFor is var (blueprint, name) ? $"{blueprint}/{name}" : null);
        Set(flat, $"{path}.id", component.Id);
        Set(flat, $"{path}.contract", component.Contract);
        Set(flat, $"{path}.link_name", component.LinkName);
        if (component.Zone is { } zone)
        {
            Add(flat, path, zone);
            return;
        }
        Set(flat, path, component.Config, component.Secrets);
        Set(flat, $"{path}.limits.memory", $"{component.Limits.MemoryMebibytes}Mi");
        Set(flat, $"{path}.limits.callTime", Quantity.Text(component.Limits.CallTime));
        Set(flat, $"{path}.record", component.RecordsTraps ? Component.RecordTraps : null);
        Set(flat, $"{path}.reuse", component.ReusesInstances ? "true" : null);
        Set(flat, $"{path}.hosts", component.Hosts is [] ? null : string.Join(", ", component.Hosts));
        Set(flat, $"{path}.connect", component.Peers is [] ? null : string.Join(", ", component.Peers));
        foreach (var folder in component.Folders)
            Set(flat, $"{path}.folders.{folder.Path}", $"{folder.Mebibytes}Mi");
        Set(flat, $"{path}.scaler", component.Scaling.EveryNode ? "daemonscaler" : "spreadscaler");
        Set(flat, $"{path}.instances", $"{component.Scaling.Instances}");
        foreach (var spread in component.Scaling.Spread)
        {
            Set(flat, $"{path}.spread.{spread.Name}.weight", $"{spread.Weight}");
            Set(flat, $"{path}.spread.{spread.Name}.requirements", spread.Requirements);
        }
        foreach (var link in component.Links)
            Add(flat, link.IsLinkdef ? $"{path}.linkdef.{link.Target}" : $"{path}.link.{link.Target}.{link.Contract}.{link.Name}", link);
    }

    static void Add(Dictionary<string, string> flat, string path, ZoneManifest zone)
    {
        Set(flat, $"{path}.heartbeat", Quantity.Text(zone.Heartbeat));
        Set(flat, $"{path}.missed", $"{zone.Missed}");
        Set(flat, $"{path}.stabilized", $"{zone.Stabilized}");
        Set(flat, $"{path}.onFlatline", ZoneVocabulary.NameOf(ZoneVocabulary.Flatline, zone.OnFlatline));
        Set(flat, $"{path}.key", zone.Key);
        Set(flat, $"{path}.archive", zone.Archive > 0 ? $"{zone.Archive}Mi" : null);
        foreach (var service in zone.Services)
            foreach (var (word, value) in CanonicalZone.Write(service))
                if (word != "name")
                    Set(flat, $"{path}.services.{service.Name}.{word}", value is JsonArray list ? string.Join(", ", list) : $"{value}");
    }

    static void Add(Dictionary<string, string> flat, string path, Link link)
    {
        Set(flat, path, link.IsLinkdef ? link.Contract ?? "actor" : string.Join(", ", link.Interfaces));
        Set(flat, $"{path}.values", link.Values);
        Set(flat, $"{path}.source", link.AtSource.Config, link.AtSource.Secrets);
        Set(flat, $"{path}.target", link.AtTarget.Config, link.AtTarget.Secrets);
    }

    static void Set(Dictionary<string, string> flat, string path, IReadOnlyList<ConfigSet> config, IReadOnlyList<Secret> secrets)
    {
        foreach (var set in config)
            Set(flat, set.Name.Length > 0 ? $"{path}.config.{set.Name}" : $"{path}.config", set.Properties);
        foreach (var (name, policy, key, field, version) in secrets)
            Set(flat, $"{path}.secrets.{name}", $"{policy}: {key}{(field is null ? "" : $"#{field}")}{(version is null ? "" : $"@{version}")}");
    }

    static void Set(Dictionary<string, string> flat, string path, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (key, value) in values)
            Set(flat, $"{path}.{key}", value);
    }

    // Two links to one target over different interfaces of one package share a path; what they say is put together.
    static void Set(Dictionary<string, string> flat, string path, string? value)
    {
        if (value is not null)
            flat[path] = flat.TryGetValue(path, out var other) ? $"{other}; {value}" : value;
    }
}

/// <param name="Path">Such as <c>components.counter.instances</c>.</param>
/// <param name="Before"><see langword="null"/> when it is new.</param>
/// <param name="After"><see langword="null"/> when it goes away.</param>
public sealed record Difference(string Path, string? Before, string? After);

namespace Allotrope.Contracts;

/// <summary>Reads the properties of a blueprint component of type <c>zone</c>.</summary>
sealed class ZoneReader(Problems problems)
{
    public static readonly IReadOnlyCollection<string> Known = [.. ZoneVocabulary.OfZone, "key", "link_name", "services"];

    static readonly IReadOnlyCollection<string> KnownOfService = ["name", "host", .. ZoneVocabulary.OfService];

    /// <param name="properties">A section that knows <see cref="Known"/>.</param>
    /// <param name="name">The component's, which is the zone's.</param>
    public ZoneManifest Read(Section properties, string name)
    {
        var (services, names) = (new List<ZoneService>(), new List<(string, Place)>());
        foreach (var mapping in properties.Mappings("services"))
        {
            var section = new Section(mapping, "a service", problems, KnownOfService);
            var service = section.RequiredText("name");
            if (service.Length > 0)
                names.Add((service, section.PlaceOf("name")));
            var host = section.Text("host");
            if (host is not null && !ZoneVocabulary.IsHost(host))
                problems.Error(section.PlaceOf("host"), $"host '{Quote.Short(host)}'", ZoneVocabulary.HostRule);
            services.Add(ZoneVocabulary.Service(service, host, Words(section, ZoneVocabulary.OfService)));
        }
        ZoneVocabulary.CheckNames(names, problems);
        var key = properties.Text("key") ?? name;
        if (properties.Has("key") && !Names.IsName(key))
            problems.Error(properties.PlaceOf("key"), $"key '{Quote.Short(key)}'", $"it is the name of the zone's key, never the key; {Names.NameRule}");
        return ZoneVocabulary.Zone(name, key, Words(properties, ZoneVocabulary.OfZone), services);
    }

    /// <summary>The values of some keys as words; a list is the same as its items with commas between.</summary>
    ZoneWords Words(Section section, IReadOnlyList<string> keys)
    {
        var words = new ZoneWords("", problems);
        foreach (var key in keys)
            if (section.Value(key) is Node.Sequence list)
                words.Set(key, list.At, string.Join(',', list.Items.Select(Item)));
            else if (section.Text(key) is { } text)
                words.Set(key, section.PlaceOf(key), text);
        return words;
    }

    string Item(Node item)
    {
        if (item is Node.Scalar { IsNothing: false } scalar)
            return scalar.Text;
        problems.Error(item.At, item.Kind, $"expected {IntentPatterns.Rule}");
        return "";
    }
}

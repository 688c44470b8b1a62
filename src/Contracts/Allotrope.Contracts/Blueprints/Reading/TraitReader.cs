namespace Allotrope.Contracts;

/// <summary>Reads the traits of one component: at most one scaler, and any number of links.</summary>
sealed class TraitReader(Problems problems)
{
    const int MostInstances = 10_000;
    const int MostWeight = 1_000_000;
    static readonly string[] Types = ["spreadscaler", "daemonscaler", "link", "linkdef"];

    Scaling? _scaling;
    readonly List<WrittenLink> _links = [];

    public (Scaling Scaling, IReadOnlyList<WrittenLink> Links) Read(Section component)
    {
        foreach (var mapping in component.Mappings("traits"))
            Take(new Section(mapping, "a trait", problems, "type", "properties"));
        return (_scaling ?? Scaling.Default, _links);
    }

    void Take(Section trait)
    {
        var type = trait.RequiredText("type");
        var links = new LinkReader(problems);
        switch (type)
        {
            case "spreadscaler" or "daemonscaler" when _scaling is not null:
                problems.Error(trait.PlaceOf("type"), $"a second scaler '{type}'", "a component has one spreadscaler or one daemonscaler");
                break;
            case "spreadscaler" or "daemonscaler":
                _scaling = Scaler(trait, everyNode: type == "daemonscaler");
                break;
            case "linkdef" when trait.RequiredMapping("properties") is { } properties:
                _links.Add(links.ReadLinkdef(properties));
                break;
            case "link" when trait.RequiredMapping("properties") is { } properties:
                _links.Add(links.ReadLink(properties));
                break;
            case not ("" or "link" or "linkdef"):
                problems.Error(trait.PlaceOf("type"), $"unknown trait '{Quote.Short(type)}'",
                    $"{Spelling.Hint(type, Types)} (traits of your own are not supported)");
                break;
        }
    }

    Scaling Scaler(Section trait, bool everyNode)
    {
        if (trait.RequiredMapping("properties") is not { } mapping)
            return Scaling.Default;
        var section = new Section(mapping, "a scaler", problems, "instances", "replicas", "spread");
        if (section.Has("instances"))
            section.Refuse("replicas", "'replicas' is the older word for 'instances'; keep one of them");
        if (!section.Has("instances") && !section.Has("replicas"))
            section.Missing("instances");
        var instances = section.Integer(section.Has("instances") ? "instances" : "replicas", otherwise: 1, least: 0, most: MostInstances);
        var names = new HashSet<string>();
        return new(instances, everyNode, [.. section.Mappings("spread")
            .Select(spread => Spread(new(spread, "a spread", problems, "name", "requirements", "weight"), names))]);
    }

    Spread Spread(Section section, HashSet<string> names)
    {
        var name = section.RequiredText("name");
        if (name.Length > 0 && !Names.IsName(name))
            problems.Error(section.PlaceOf("name"), $"spread name '{Quote.Short(name)}'", Names.NameRule);
        else if (name.Length > 0 && !names.Add(name))
            problems.Error(section.PlaceOf("name"), $"a second spread '{name}'", "the spreads of a scaler have different names");
        return new(name, LabelsReader.Labels(section, "requirements", problems),
            section.Integer("weight", Contracts.Spread.DefaultWeight, least: 1, MostWeight));
    }
}

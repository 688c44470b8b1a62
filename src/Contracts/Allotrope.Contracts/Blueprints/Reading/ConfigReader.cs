namespace Allotrope.Contracts;

/// <summary>Reads <c>config</c> and <c>secrets</c>, which components and both ends of a link have.</summary>
sealed class ConfigReader(Problems problems)
{
    /// <summary>Second dialect: a list of named sets. First: one mapping, or a text, which is the same as <c>{config: text}</c>.</summary>
    public IReadOnlyList<ConfigSet> Config(Section section, string key = "config") => section.Value(key) switch
    {
        Node.Mapping mapping => [new("", Settings.Read(mapping, problems))],
        Node.Scalar scalar => [new("", new SortedDictionary<string, string>(StringComparer.Ordinal) { ["config"] = scalar.Text })],
        _ => [.. section.Mappings(key).Select(mapping => Set(new(mapping, "a config", problems, "name", "properties")))],
    };

    public IReadOnlyList<WrittenSecret> Secrets(Section section)
    {
        var names = new HashSet<string>();
        return [.. section.Mappings("secrets").Select(mapping => Secret(new(mapping, "a secret", problems, "name", "properties"), names))];
    }

    ConfigSet Set(Section section)
    {
        var name = Name(section);
        if (section.Value("properties") is null)
            problems.Error(section.At, $"config '{Quote.Short(name)}' without properties",
                "a node keeps no configs by name; write its settings under 'properties'");
        return new(name, section.Texts("properties"));
    }

    WrittenSecret Secret(Section section, HashSet<string> names)
    {
        var name = Name(section);
        if (name.Length > 0 && !names.Add(name))
            problems.Error(section.PlaceOf("name"), $"a second secret '{Quote.Short(name)}'", "secrets of one list have different names");
        var properties = new Section(section.RequiredMapping("properties") ?? new(section.At, []), "a secret's properties", problems,
            "policy", "key", "field", "version");
        if (section.Value("properties") is not Node.Mapping)
            return new(new(name, "", "", null, null), section.At);
        return new(new(name, properties.RequiredText("policy"), properties.RequiredText("key"), properties.Text("field"), properties.Text("version")),
            properties.PlaceOf("policy"));
    }

    string Name(Section section)
    {
        var name = section.RequiredText("name");
        if (name.Length > 0 && !Names.IsName(name))
            problems.Error(section.PlaceOf("name"), $"name '{Quote.Short(name)}'", Names.NameRule);
        return name;
    }
}

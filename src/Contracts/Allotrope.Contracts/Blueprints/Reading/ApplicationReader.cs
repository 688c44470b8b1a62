namespace Allotrope.Contracts;

/// <summary>Reads the outer part of a blueprint: what it is, its metadata, its components and policies.</summary>
sealed class ApplicationReader(Problems problems)
{
    const string ApiVersion = "core.oam.dev/v1beta1";
    const string Kind = "Application";

    /// <summary>The blueprint; only to be used when no error was reported on the way.</summary>
    public ReadBlueprint? Read(Node root)
    {
        if (root is not Node.Mapping mapping)
        {
            problems.Error(root.At, root.Kind, $"a blueprint is a mapping that begins with 'apiVersion: {ApiVersion}'");
            return null;
        }
        var document = new Section(mapping, "a blueprint", problems, "apiVersion", "kind", "metadata", "spec");
        Expect(document, "apiVersion", ApiVersion);
        Expect(document, "kind", Kind);
        var metadata = document.RequiredMapping("metadata");
        var spec = document.RequiredMapping("spec");
        if (metadata is null || spec is null)
            return null;
        return Read(new Section(metadata, "the metadata", problems, "name", "annotations", "labels"),
            new Section(spec, "the spec", problems, "components", "policies"));
    }

    ReadBlueprint Read(Section metadata, Section spec)
    {
        var name = metadata.RequiredText("name");
        if (name.Length > 0 && !Names.IsName(name))
            problems.Error(metadata.PlaceOf("name"), $"name '{Quote.Short(name)}'", Names.NameRule);
        var annotations = LabelsReader.Annotations(metadata, problems);
        var policies = new PolicyReader(problems).Read(spec);
        var written = Components(spec);
        var components = new References(problems).Resolve(written, policies);
        var blueprint = new Blueprint(
            name,
            annotations.GetValueOrDefault("version"),
            annotations.GetValueOrDefault("description"),
            LabelsReader.Labels(metadata, "labels", problems),
            Without(annotations, "version", "description"),
            components,
            policies);
        var named = written.DistinctBy(part => part.Component.Name).ToList();
        return new(blueprint, problems.Warnings, named.ToDictionary(part => part.Component.Name, part => part.ImageAt))
        {
            Links = named.ToDictionary(part => part.Component.Name, part => (IReadOnlyList<Place>)[.. part.Links.Select(link => link.At)]),
        };
    }

    IReadOnlyList<WrittenComponent> Components(Section spec)
    {
        var items = spec.List("components");
        if (items.Count == 0 && spec.Value("components") is null or Node.Sequence)
            problems.Error(spec.PlaceOf("components"), "no components", "a blueprint has at least one under 'components'");
        if (items.Count > DocumentLimits.Components)
            problems.Error(items[DocumentLimits.Components].At, $"component number {DocumentLimits.Components + 1}", "split the blueprint");
        var reader = new ComponentReader(problems);
        return [.. spec.Mappings("components").Take(DocumentLimits.Components).Select(reader.Read)];
    }

    void Expect(Section section, string key, string expected)
    {
        var text = section.RequiredText(key);
        if (text.Length > 0 && text != expected)
            problems.Error(section.PlaceOf(key), $"{key} '{Quote.Short(text)}'", $"expected '{expected}'");
    }

    static SortedDictionary<string, string> Without(IReadOnlyDictionary<string, string> all, params ReadOnlySpan<string> keys)
    {
        var rest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in all)
            if (!keys.Contains(key))
                rest[key] = value;
        return rest;
    }
}

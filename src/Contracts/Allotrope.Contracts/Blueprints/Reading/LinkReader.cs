namespace Allotrope.Contracts;

/// <summary>Reads the two kinds of links. Contract and name of a linkdef are its target's and filled in by <see cref="References"/>.</summary>
sealed class LinkReader(Problems problems)
{
    readonly ConfigReader _config = new(problems);

    /// <summary>First dialect: <c>{target, values}</c>.</summary>
    public WrittenLink ReadLinkdef(Node.Mapping mapping)
    {
        var section = new Section(mapping, "a linkdef", problems, "target", "values");
        var link = new Link(
            section.RequiredText("target"), Component.DefaultLinkName, null, [], section.Texts("values"), LinkEnd.Empty, LinkEnd.Empty);
        return new(link, section.At, section.PlaceOf("target"), section.At, []);
    }

    /// <summary>Second dialect: <c>{target, namespace, package, interfaces, source?, name?}</c>.</summary>
    public WrittenLink ReadLink(Node.Mapping mapping)
    {
        var section = new Section(mapping, "a link", problems,
            "target", "namespace", "package", "interfaces", "source", "name", "source_config", "target_config");
        var (target, targetAt) = Target(section, out var atTarget, out var targetSecrets);
        var (atSource, sourceSecrets) = End(
            section.Mapping("source") is { } source ? new(source, "a link's source", problems, "config", "secrets") : null);
        var (ns, package, interfaces) = (Word(section, "namespace"), Word(section, "package"), Interfaces(section));
        KnownInterfaces.CheckLink(section, ns, package, problems);
        var name = section.Text("name") ?? Component.DefaultLinkName;
        if (!Names.IsName(name))
            problems.Error(section.PlaceOf("name"), $"link name '{Quote.Short(name)}'", Names.NameRule);
        var link = new Link(target, name, $"{ns}:{package}", interfaces, Settings.None,
            Older(section, "source_config", "source", atSource), Older(section, "target_config", "target", atTarget));
        return new(link, section.At, targetAt, section.PlaceOf("interfaces"), [.. sourceSecrets, .. targetSecrets]);
    }

    (string Name, Place At) Target(Section section, out LinkEnd end, out IReadOnlyList<WrittenSecret> secrets)
    {
        if (section.Value("target") is not Node.Mapping mapping)
        {
            (end, secrets) = (LinkEnd.Empty, []);
            return (section.RequiredText("target"), section.PlaceOf("target"));
        }
        var target = new Section(mapping, "a link's target", problems, "name", "config", "secrets");
        (end, secrets) = End(target);
        return (target.RequiredText("name"), target.PlaceOf("name"));
    }

    (LinkEnd End, IReadOnlyList<WrittenSecret> Secrets) End(Section? section)
    {
        if (section is null)
            return (LinkEnd.Empty, []);
        var secrets = _config.Secrets(section);
        return (new(_config.Config(section), [.. secrets.Select(secret => secret.Secret)]), secrets);
    }

    /// <summary>Takes <c>source_config</c> and <c>target_config</c>, as manifests before wadm 0.15 have them.</summary>
    LinkEnd Older(Section section, string key, string newer, LinkEnd end)
    {
        if (section.Value(key) is not { } value)
            return end;
        problems.Warn(value.At, $"'{key}'", $"write '{newer}: {{config: [...]}}' instead; the older key still works");
        if (end.Config.Count > 0)
            section.Refuse(key, $"'{newer}' has a config already; keep one of them");
        return end with { Config = _config.Config(section, key) };
    }

    string Word(Section section, string key)
    {
        var word = section.RequiredText(key);
        if (word.Length > 0 && (!Names.IsContract(word) || word.Contains(':', StringComparison.Ordinal)))
            problems.Error(section.PlaceOf(key), $"{key} '{Quote.Short(word)}'", "expected one word, such as wasi or keyvalue");
        return word;
    }

    List<string> Interfaces(Section section)
    {
        var interfaces = new List<string>();
        foreach (var item in section.List("interfaces"))
        {
            if (item is not Node.Scalar { IsNothing: false } scalar || !Names.IsContract(scalar.Text))
                problems.Error(item.At, item.Kind, "an interface is one word, such as incoming-handler");
            else if (interfaces.Contains(scalar.Text))
                problems.Error(item.At, $"interface '{scalar.Text}' a second time", "each interface of a link stands once");
            else
                interfaces.Add(scalar.Text);
        }
        if (section.Value("interfaces") is null or Node.Sequence { Items.Count: 0 })
            section.Missing("interfaces");
        return interfaces;
    }
}

namespace Allotrope.Contracts;

/// <summary>What matters of one service of a compose file.</summary>
/// <param name="Host">By Ozone's rule: <c>hostname</c>, or else <c>container_name</c>, or else the service's key.</param>
/// <param name="Secret">Under which name the file knows the zone's key, when the service is given it; <see langword="null"/> for no member.</param>
/// <param name="Labels">The <c>o3.</c> labels, without that prefix.</param>
sealed record ComposeService(string Key, Place At, string Host, Place HostAt, string? Secret, ZoneWords Labels)
{
    /// <summary>The secret whose holders are the services of a zone.</summary>
    public const string KeySecret = "o3_key";

    const string Prefix = "o3.";

    /// <summary>Labels that only compose files need: in a blueprint the document itself says these.</summary>
    static readonly string[] OfCompose = ["core", "zone", "dials"];

    static readonly string[] Known =
        [.. OfCompose.Concat(ZoneVocabulary.OfZone).Concat(ZoneVocabulary.OfService).Select(word => Prefix + word)];

    public bool IsCore { get; } = Labels.Flag("core", otherwise: false);

    public static ComposeService Read(Entry entry, Node.Mapping mapping, Problems problems)
    {
        var service = new ComposeMapping(mapping);
        var named = service.Value("hostname") is not null ? "hostname" : service.Value("container_name") is not null ? "container_name" : null;
        var labels = new ZoneWords(Prefix, problems);
        foreach (var (label, at, text) in LabelsOf(service, problems))
            if (!label.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            else if (Known.Contains(label))
                labels.Set(label[Prefix.Length..], at, text.Trim());
            else
                problems.Error(at, $"unknown label '{Quote.Short(label)}'", Spelling.Hint(label, Known));
        return new(entry.Key, entry.At, named is null ? entry.Key : service.Text(named) ?? "", named is null ? entry.At : service.PlaceOf(named),
            SecretOf(service, problems), labels);
    }

    /// <summary>List form: <c>- a=b</c> or <c>- a</c>; map form: <c>a: b</c>.</summary>
    static IEnumerable<(string Label, Place At, string Text)> LabelsOf(ComposeMapping service, Problems problems)
    {
        switch (service.Value("labels"))
        {
            case Node.Sequence list:
                foreach (var item in list.Items)
                    if (item is not Node.Scalar { Text: var text })
                        problems.Error(item is Node.Mapping { Entries: [var first, ..] } ? first.At : item.At, $"{item.Kind} in a list of labels",
                            "in a list a label is written 'o3.emit=distance'; without dashes, 'o3.emit: distance'");
                    else
                        yield return text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals
                            ? (text[..equals].Trim(), item.At, text[(equals + 1)..])
                            : (text.Trim(), item.At, "");
                break;
            case Node.Mapping mapping:
                foreach (var (key, at, value) in new ComposeMapping(mapping).Entries)
                    if (value is Node.Scalar scalar)
                        yield return (key, at, scalar.IsNothing ? "" : scalar.Text);
                    else if (key.StartsWith(Prefix, StringComparison.Ordinal))
                        problems.Error(value.At, $"label {Quote.Short(key)} with {value.Kind}", "a label is one text; put commas between several intents");
                break;
            case { } other:
                problems.Error(other.At, $"labels that are {other.Kind}", "labels are a list, such as [o3.dials], or a mapping, such as {o3.dials: true}");
                break;
        }
    }

    /// <summary>Short form: <c>- o3_key</c>; long form: <c>- source: …, target: …</c>, of which either may be the zone's key.</summary>
    static string? SecretOf(ComposeMapping service, Problems problems)
    {
        var secrets = service.Value("secrets");
        if (secrets is not (null or Node.Sequence))
            problems.Error(secrets.At, $"secrets that are {secrets.Kind}", $"a service's secrets are a list, such as [{KeySecret}]");
        foreach (var item in (secrets as Node.Sequence)?.Items ?? [])
            if (item is Node.Scalar { Text: KeySecret })
                return KeySecret;
            else if (item is Node.Mapping mapping && new ComposeMapping(mapping) is var secret
                && (secret.Text("source"), secret.Text("target")) is (KeySecret, _) or (_, KeySecret))
                return secret.Text("source") ?? KeySecret;
        return null;
    }
}

namespace Allotrope.Contracts;

/// <summary>Checks the rules that speak of more than one component, and fills in what a linkdef takes from its target.</summary>
sealed class References(Problems problems)
{
    const string Messaging = "builtin:messaging";

    static readonly string[] ServiceWords = ["receive", "emit", "service"];

    public IReadOnlyList<Component> Resolve(IReadOnlyList<WrittenComponent> components, IReadOnlyList<Policy> policies)
    {
        CheckNames(components);
        foreach (var secret in components.SelectMany(part => part.Secrets.Concat(part.Links.SelectMany(link => link.Secrets))))
            CheckSecret(secret, policies);
        var byName = components.Select(part => part.Component).DistinctBy(component => component.Name).ToDictionary(component => component.Name);
        new Circles(problems).Check(components);
        return [.. components.Select(part => part.Component with { Links = Links(part, byName) })];
    }

    void CheckNames(IReadOnlyList<WrittenComponent> components)
    {
        var (names, ids) = (new Dictionary<string, string>(), new HashSet<string>());
        foreach (var (component, nameAt, idAt, _, _, _) in components)
        {
            if (component.Name.Length > 0 && !names.TryAdd(WorkloadId.Of("", component.Name), component.Name))
            {
                var other = names[WorkloadId.Of("", component.Name)];
                problems.Error(nameAt, $"a second component '{Quote.Short(component.Name)}'",
                    other == component.Name
                        ? "components have different names"
                        : $"on the bus it could not be told apart from '{Quote.Short(other)}'");
            }
            if (component.Id is { } id && !ids.Add(id))
                problems.Error(idAt, $"id '{Quote.Short(id)}' a second time", "components have different ids");
        }
    }

    void CheckSecret(WrittenSecret written, IReadOnlyList<Policy> policies)
    {
        var (secret, at) = written;
        if (secret.Policy.Length == 0)
            return;
        var policy = policies.FirstOrDefault(policy => policy.Name == secret.Policy);
        if (policy is null)
            problems.Error(at, $"policy '{Quote.Short(secret.Policy)}' of secret '{Quote.Short(secret.Name)}'",
                policies.Count == 0
                    ? "there is none of that name under spec.policies"
                    : Spelling.Hint(secret.Policy, [.. policies.Select(known => known.Name)]));
        else if (policy.Type != Policy.SecretType)
            problems.Error(at, $"policy '{Quote.Short(secret.Policy)}' of secret '{Quote.Short(secret.Name)}'",
                $"it must be of type '{Policy.SecretType}'");
    }

    List<Link> Links(WrittenComponent part, Dictionary<string, Component> byName)
    {
        var (links, seen) = (new List<Link>(), new HashSet<(string Contract, string Interface, string Name)>());
        foreach (var (written, at, targetAt, interfacesAt, _) in part.Links)
        {
            if (written.Target.Length == 0)
                continue;
            if (!byName.TryGetValue(written.Target, out var target))
            {
                problems.Error(targetAt, $"link target '{Quote.Short(written.Target)}'",
                    $"no component has this name; {Spelling.Hint(written.Target, byName.Keys)}");
                continue;
            }
            if (written.IsLinkdef && part.Component.Kind is ComponentKind.Capability)
                problems.Error(at, "a linkdef of a capability", "write the linkdef at the actor that uses it");
            else if (written.IsLinkdef && target is { Kind: ComponentKind.Capability, Contract: null })
                problems.Error(targetAt, $"link target '{Quote.Short(written.Target)}'", "it has no 'contract' among its properties");
            else if (written.IsLinkdef && part.Component.Kind is ComponentKind.Component && target.Kind is ComponentKind.Capability)
                problems.Error(at, "a linkdef of a component", LinkFor(target));
            else if (written.IsLinkdef && target.Image == Messaging)
                problems.Error(targetAt, $"a linkdef to {Messaging}", $"it carries messages of components; actors talk with a zone over {ZoneManifest.Contract}");
            if (target.Kind is ComponentKind.Zone)
                CheckService(written, at);
            if (!written.IsLinkdef)
                CheckInterfaces(part.Component, target, written, interfacesAt);
            var link = written.IsLinkdef ? written with { Contract = target.Contract, Name = target.LinkName } : written;
            // An import of a component is one other component's export, whatever the link is called.
            var isExport = part.Component.Kind is ComponentKind.Component && target.Kind is ComponentKind.Component;
            foreach (var (contract, face, name) in Identities(isExport ? link with { Name = "" } : link))
                if (!seen.Add((contract, face, name)))
                    problems.Error(at, $"a second link to {contract}{(face.Length > 0 ? $"/{face}" : "")}{(isExport ? "" : $" named '{Quote.Short(name)}'")}",
                        isExport ? "a component gets an interface of one other component" : "a call could not tell them apart; give one another name");
            links.Add(link);
        }
        return links;
    }

    /// <summary>A link between a component and a provider of the node is for what that provider has, or calls.</summary>
    void CheckInterfaces(Component source, Component target, Link link, Place at)
    {
        var (provider, known, does) = (source.Kind, target.Kind) switch
        {
            (ComponentKind.Component, ComponentKind.Capability) => (target, Builtins.Offers, "offers"),
            (ComponentKind.Capability, ComponentKind.Component) => (source, Builtins.Calls, "calls"),
            _ => default,
        };
        if (provider?.Image is not { } image || ImageReference.Parse(image) is not { IsBuiltin: true } builtin)
            return;
        var has = known.GetValueOrDefault(builtin.Path) ?? [];
        foreach (var face in link.Interfaces.Where(face => !has.Contains($"{link.Contract}/{face}")))
            problems.Error(at, $"interface '{Quote.Short($"{link.Contract}/{face}")}' in a link to '{target.Name}'",
                has.Length == 0 ? $"{image} {does} none" : $"{image} {does} {string.Join(", ", has)}");
    }

    /// <summary>What to write instead of a linkdef.</summary>
    static string LinkFor(Component target)
    {
        var offers = target.Image is { } image && ImageReference.Parse(image) is { IsBuiltin: true } builtin ? Builtins.Offers.GetValueOrDefault(builtin.Path) : null;
        if (offers is not [var first, ..])
            return "write a trait of type 'link' with namespace, package and interfaces";
        var (colon, slash) = (first.IndexOf(':', StringComparison.Ordinal), first.IndexOf('/', StringComparison.Ordinal));
        return $"write a link {{target: {target.Name}, namespace: {first[..colon]}, package: {first[(colon + 1)..slash]}, interfaces: [{first[(slash + 1)..]}]}}";
    }

    /// <summary>A link to a zone makes its source a service, and says as which and what it receives and emits.</summary>
    void CheckService(Link link, Place at)
    {
        if (!link.IsLinkdef && link.Contract != ZoneManifest.Contract)
            problems.Error(at, $"a link to a zone over '{Quote.Short(link.Contract ?? "")}'", $"actors talk with a zone over {ZoneManifest.Contract}");
        foreach (var (key, value) in link.Settings)
            if (!ServiceWords.Contains(key))
                problems.Error(at, $"unknown value '{Quote.Short(key)}' of a link to a zone", Spelling.Hint(key, ServiceWords));
            else if (key == "service" && (value.Length == 0 || value == "core" || !Names.IsLabelValue(value)))
                problems.Error(at, $"service '{Quote.Short(value)}' of a link to a zone", ZoneVocabulary.ServiceRule);
            else if (key != "service" && !IntentPatterns.AreGood(IntentPatterns.Split(value)))
                problems.Error(at, $"{key} '{Quote.Short(value)}' of a link to a zone", $"expected {IntentPatterns.Rule}");
    }

    /// <summary>What a caller says when it uses the link; no two links of a component may answer to the same.</summary>
    static IEnumerable<(string Contract, string Interface, string Name)> Identities(Link link) => link.IsLinkdef
        ? [(link.Contract ?? link.Target, "", link.Name)]
        : link.Interfaces.Select(face => (link.Contract!, face, link.Name));
}

namespace Allotrope.Contracts;

/// <summary>Reads one item of <c>spec.components</c>.</summary>
sealed class ComponentReader(Problems problems)
{
    const int LeastMebibytes = 1;
    const int MostMebibytes = 4096;
    static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan MostTime = TimeSpan.FromMinutes(10);
    static readonly string[] Types = ["component", "actor", "capability", "zone"];

    public WrittenComponent Read(Node.Mapping mapping)
    {
        var section = new Section(mapping, "a component", problems, "name", "type", "properties", "traits");
        var name = section.RequiredText("name");
        if (name.Length > 0 && !Names.IsName(name))
            problems.Error(section.PlaceOf("name"), $"component name '{Quote.Short(name)}'", Names.NameRule);
        var kind = Kind(section);
        return kind is ComponentKind.Zone ? Zone(section, name) : Workload(section, name, kind);
    }

    WrittenComponent Workload(Section section, string name, ComponentKind kind)
    {
        var properties = new Section(section.RequiredMapping("properties") ?? new(section.At, []), "a component's properties", problems,
            "image", "application", "id", "contract", "link_name", "config", "secrets", "limits", "record", "reuse", "hosts", "connect", "folders");
        var traits = new TraitReader(problems).Read(section);
        var (image, standsFor) = Code(properties, declared: section.Value("properties") is Node.Mapping);
        var settings = new ConfigReader(problems);
        var secrets = settings.Secrets(properties);
        var component = new Component(
            name, kind, image, standsFor, Id(properties), Contract(properties, kind, image), LinkName(properties, kind), settings.Config(properties),
            [.. secrets.Select(secret => secret.Secret)], traits.Scaling, [.. traits.Links.Select(link => link.Link)], Limits(properties))
        {
            RecordsTraps = RecordsTraps(properties, kind),
            ReusesInstances = ReusesInstances(properties, kind),
            Hosts = Hosts(properties, kind),
            Peers = Peers(properties, kind),
            Folders = Folders(properties, kind),
        };
        return new(component, section.PlaceOf("name"), properties.PlaceOf("id"), properties.PlaceOf("image"), traits.Links, secrets);
    }

    /// <summary>A zone has no code of its own: the node runs its core, one of it, and nobody but its services is called by it.</summary>
    WrittenComponent Zone(Section section, string name)
    {
        var properties = new Section(section.RequiredMapping("properties") ?? new(section.At, []), "a zone's properties", problems, ZoneReader.Known);
        var traits = new TraitReader(problems).Read(section);
        if (traits.Links is [var link, ..])
            problems.Error(link.At, "a link of a zone", "write the link at the actor that is to be one of its services");
        if (traits.Scaling is { EveryNode: true } or { Instances: not 1 })
            problems.Error(section.PlaceOf("traits"), "a zone with a scaler of other than one instance", "a zone has one core");
        var component = new Component(
            name, ComponentKind.Zone, null, null, null, ZoneManifest.Contract, LinkName(properties, ComponentKind.Zone), [], [], traits.Scaling, [],
            ComponentLimits.Default)
        {
            Zone = new ZoneReader(problems).Read(properties, name),
        };
        return new(component, section.PlaceOf("name"), section.At, section.At, [], []);
    }

    ComponentKind Kind(Section section)
    {
        var type = section.RequiredText("type");
        if (type.Length > 0 && !Types.Contains(type))
            problems.Error(section.PlaceOf("type"), $"component type '{Quote.Short(type)}'", Spelling.Hint(type, Types));
        return type switch
        {
            "capability" => ComponentKind.Capability,
            "zone" => ComponentKind.Zone,
            "component" => ComponentKind.Component,
            _ => ComponentKind.Actor,
        };
    }

    (string? Image, ComponentReference? StandsFor) Code(Section properties, bool declared)
    {
        var image = properties.Text("image");
        if (properties.Mapping("application") is { } mapping)
        {
            properties.Refuse("image", "a component has either an 'image' or an 'application', not both");
            var section = new Section(mapping, "an application reference", problems, "name", "component");
            return (null, new(Name(section, "name"), Name(section, "component")));
        }
        if (declared && string.IsNullOrEmpty(image) && properties.Value("image") is null or Node.Scalar)
            properties.Missing("image");
        else if (image is not null && ImageReference.Parse(image) is { IsBuiltin: true } builtin && !Builtins.Contracts.ContainsKey(builtin.Path))
            problems.Error(properties.PlaceOf("image"), $"built-in provider '{Quote.Short(builtin.Path)}'",
                Spelling.Hint(builtin.Path, Builtins.Contracts.Keys));
        return (image, null);
    }

    string Name(Section section, string key)
    {
        var name = section.RequiredText(key);
        if (name.Length > 0 && !Names.IsName(name))
            problems.Error(section.PlaceOf(key), $"{key} '{Quote.Short(name)}'", Names.NameRule);
        return name;
    }

    string? Id(Section properties)
    {
        var id = properties.Text("id");
        if (id is not null && !Names.IsName(id))
            problems.Error(properties.PlaceOf("id"), $"id '{Quote.Short(id)}'", Names.NameRule);
        return id;
    }

    string? Contract(Section properties, ComponentKind kind, string? image)
    {
        if (kind is ComponentKind.Actor or ComponentKind.Component)
        {
            properties.Refuse("contract", kind is ComponentKind.Actor
                ? "only a capability implements a contract; an actor's contracts are in its signed claims"
                : "only a capability implements a contract; a component says itself what it imports and exports");
            return null;
        }
        var contract = properties.Text("contract");
        if (contract is not null && !Names.IsContract(contract))
            problems.Error(properties.PlaceOf("contract"), $"contract '{Quote.Short(contract)}'",
                "a contract is 'namespace:name', such as wasmcloud:keyvalue");
        else if (contract is not null)
            KnownInterfaces.CheckContract(contract, properties.PlaceOf("contract"), problems);
        var builtin = image is null ? default : ImageReference.Parse(image);
        return contract ?? (builtin.IsBuiltin ? Builtins.Contracts.GetValueOrDefault(builtin.Path) : null);
    }

    string LinkName(Section properties, ComponentKind kind)
    {
        if (kind is ComponentKind.Actor or ComponentKind.Component)
            properties.Refuse("link_name", "only a capability has a link name; give it to the link's target");
        return properties.Has("link_name") ? Name(properties, "link_name") : Component.DefaultLinkName;
    }

    bool RecordsTraps(Section properties, ComponentKind kind)
    {
        if (kind is not ComponentKind.Actor)
            properties.Refuse("record", "only an actor's calls are recorded");
        else if (properties.Text("record") is { } what)
        {
            if (what == Component.RecordTraps)
                return true;
            problems.Error(properties.PlaceOf("record"), $"record '{Quote.Short(what)}'", $"expected '{Component.RecordTraps}': calls that trap leave a record");
        }

        return false;
    }

    bool ReusesInstances(Section properties, ComponentKind kind)
    {
        if (kind is not ComponentKind.Component)
            properties.Refuse("reuse", "only a component has an instance for each request; an actor's are always used again");
        else if (properties.Text("reuse") is { } text)
        {
            if (bool.TryParse(text, out var reuses))
                return reuses;
            problems.Error(properties.PlaceOf("reuse"), $"reuse '{Quote.Short(text)}'", "expected true or false");
        }

        return false;
    }

    IReadOnlyList<string> Hosts(Section properties, ComponentKind kind)
    {
        if (kind is ComponentKind.Component)
            return new ReachReader(problems).Hosts(properties);
        properties.Refuse("hosts", "only a component sends HTTP requests of its own");
        return [];
    }

    IReadOnlyList<string> Peers(Section properties, ComponentKind kind)
    {
        if (kind is ComponentKind.Component)
            return new ReachReader(problems).Peers(properties);
        properties.Refuse("connect", "only a component connects to others of its own");
        return [];
    }

    IReadOnlyList<Folder> Folders(Section properties, ComponentKind kind)
    {
        if (kind is ComponentKind.Component)
            return new FoldersReader(problems).Read(properties);
        properties.Refuse("folders", "only a component has files");
        return [];
    }

    ComponentLimits Limits(Section properties)
    {
        if (properties.Mapping("limits") is not { } mapping)
            return ComponentLimits.Default;
        var limits = ComponentLimits.Default;
        var section = new Section(mapping, "the limits", problems, "memory", "callTime");
        if (section.Text("memory") is { } memory)
        {
            if (Quantity.Mebibytes(memory) is >= LeastMebibytes and <= MostMebibytes and { } mebibytes)
                limits = limits with { MemoryMebibytes = mebibytes };
            else
                problems.Error(section.PlaceOf("memory"), $"memory '{Quote.Short(memory)}'", "expected whole Mi or Gi from 1Mi to 4Gi, such as 64Mi");
        }
        if (section.Text("callTime") is { } time)
        {
            if (Quantity.Duration(time) is { } duration && duration >= LeastTime && duration <= MostTime)
                limits = limits with { CallTime = duration };
            else
                problems.Error(section.PlaceOf("callTime"), $"callTime '{Quote.Short(time)}'",
                    "expected whole ms, s or m from 1ms to 10m, such as 2s");
        }
        return limits;
    }
}

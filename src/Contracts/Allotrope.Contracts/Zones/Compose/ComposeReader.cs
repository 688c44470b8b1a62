using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>
/// Reads any compose file whose services hold the secret <c>o3_key</c> as zones, without change to the file. Everything wrong is found in one go,
/// each with file, line and column. Sizes, depth and counts are bounded by <see cref="DocumentLimits"/>.
/// </summary>
public static class ComposeReader
{
    /// <summary>The one service engine there is: Ozone's name for what a manifest is written for.</summary>
    public const string Engine = "compose";

    /// <param name="file">How the document is called in messages.</param>
    /// <param name="folder">The name of the folder it lies in: the zone's name when the file says none.</param>
    /// <param name="engine">What the manifest is written for; a top-level <c>engine</c> in the file wins.</param>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> with all errors of the document, the first as its message.</exception>
    public static ComposeZones Read(ReadOnlySpan<byte> utf8, string file, string folder, string engine = Engine)
    {
        var problems = new Problems();
        CheckEngine(engine, new(file, 1, 1), problems);
        var root = problems.Any ? null : DocumentText.Read(utf8, file, DocumentKind.Compose, problems);
        if (root is not null and not Node.Mapping)
            problems.Error(root.At, root.Kind, "a compose file is a mapping with 'services'");
        var zones = root is Node.Mapping mapping ? Read(new(mapping), folder, problems) : null;
        problems.ThrowIfAny();
        return zones! with { Warnings = problems.Warnings };
    }

    /// <summary>Whether a document that may be either is a compose file: it says no <c>apiVersion</c>, with which every blueprint begins.</summary>
    public static bool IsCompose(ReadOnlySpan<byte> utf8, string file) =>
        DocumentText.Read(utf8, file, DocumentKind.Compose, new Problems()) is not Node.Mapping mapping
        || mapping.Entries.All(entry => entry.Key != "apiVersion");

    static ComposeZones? Read(ComposeMapping root, string folder, Problems problems)
    {
        if (root.Text("engine") is { } engine)
            CheckEngine(engine, root.PlaceOf("engine"), problems);
        if (problems.Any)
            return null;
        var services = Services(root, problems);
        var name = NameOf(root, services, folder, problems);
        var members = Members(services, root.At, problems);
        // The core belongs to the zone it names, and speaks for the file's zone otherwise; so do services that name none.
        var zones = services.Where(service => service.Secret is not null || service.IsCore)
            .GroupBy(service => service.Labels.Text("zone") ?? name)
            .Where(zone => zone.Any(members.Contains))
            .Select(zone => Zone(zone.Key, [.. zone], members, problems))
            .ToList();
        var programs = services
            .Where(service => !service.IsCore)
            .Select(service => ComposeProgram.Read(
                service.Key, members.Contains(service) ? service.Labels.Text("zone") ?? name : null, root.Mapping("services")!.Mapping(service.Key)!))
            .OfType<ComposeProgram>().ToList();
        return new(name, zones, KeyFile(root, members), [])
        {
            Programs = programs,
            WithoutProgram = [.. members.Select(member => member.Key).Except(programs.Select(program => program.Service))],
        };
    }

    static void CheckEngine(string engine, Place at, Problems problems)
    {
        if (engine != Engine)
            problems.Error(at, $"service engine '{Quote.Short(engine)}'",
                $"the only one there is is '{Engine}'; write the zone as a blueprint component of type 'zone' otherwise");
    }

    static List<ComposeService> Services(ComposeMapping root, Problems problems)
    {
        if (root.Mapping("services") is not { } mapping)
        {
            problems.Error(root.PlaceOf("services"), "no 'services'", "a compose file is a mapping with 'services'");
            return [];
        }
        var services = new List<ComposeService>();
        foreach (var entry in mapping.Entries)
            if (entry.Value is Node.Mapping body)
                services.Add(ComposeService.Read(entry, body, problems));
            else
                problems.Error(entry.Value.At, $"service '{Quote.Short(entry.Key)}' that is {entry.Value.Kind}", "a service is a mapping of keys to values");
        return services;
    }

    /// <summary>Label <c>o3.zone</c> of the core, else the file's <c>name</c>, else the folder's as compose itself makes it a project's name.</summary>
    static string NameOf(ComposeMapping root, List<ComposeService> services, string folder, Problems problems)
    {
        if (services.FirstOrDefault(service => service.IsCore)?.Labels.Text("zone") is { } ofCore)
            return ofCore;
        if (root.Text("name") is not { } name)
        {
            var letters = folder.ToLowerInvariant().Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
            return string.Concat(letters).Trim('-', '_') is { Length: > 0 } made ? made : "zone";
        }
        if (!Names.IsName(name))
            problems.Error(root.PlaceOf("name"), $"name '{Quote.Short(name)}'", Names.NameRule);
        return name;
    }

    static HashSet<ComposeService> Members(List<ComposeService> services, Place at, Problems problems)
    {
        var members = services.Where(service => service.Secret is not null && !service.IsCore).ToHashSet();
        if (members.Count == 0 && !problems.Any)
            problems.Error(at, "no service of a zone", $"a service becomes one by holding the secret '{ComposeService.KeySecret}'");
        foreach (var outsider in services.Where(service => service is { Secret: null, IsCore: false } && service.Labels.Any))
            problems.Warn(outsider.At, $"service '{Quote.Short(outsider.Key)}' has labels of a zone and is in none",
                $"give it the secret '{ComposeService.KeySecret}'");
        return members;
    }

    static ZoneManifest Zone(string name, IReadOnlyList<ComposeService> all, HashSet<ComposeService> members, Problems problems)
    {
        var own = all.Where(members.Contains).ToList();
        if (!Names.IsName(name))
            problems.Error(all[0].Labels.PlaceOf("zone", all[0].At), $"zone '{Quote.Short(name)}'", Names.NameRule);
        ZoneVocabulary.CheckNames([.. own.Select(service => (service.Key, service.At))], problems);
        var words = ZoneWords.Merge([.. all.Select(service => service.Labels)], ZoneVocabulary.OfZone, problems);
        return ZoneVocabulary.Zone(name, name, words, [.. own.Select(service => Service(service, problems))]);
    }

    static ZoneService Service(ComposeService service, Problems problems)
    {
        if (!ZoneVocabulary.IsHost(service.Host))
            problems.Error(service.HostAt, $"host '{Quote.Short(service.Host)}' of service '{Quote.Short(service.Key)}'",
                $"{ZoneVocabulary.HostRule}; variables are not filled in");
        return ZoneVocabulary.Service(service.Key, service.Labels.Flag("dials", otherwise: false) ? null : service.Host, service.Labels);
    }

    /// <summary>The file that the top-level <c>secrets</c> names for the secret the members hold.</summary>
    static string? KeyFile(ComposeMapping root, HashSet<ComposeService> members) => members
        .Select(member => root.Mapping("secrets")?.Mapping(member.Secret!)?.Text("file"))
        .FirstOrDefault(file => file is not null);
}

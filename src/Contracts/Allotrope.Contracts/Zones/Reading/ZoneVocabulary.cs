namespace Allotrope.Contracts;

/// <summary>The words by which zones and services are described, the same in compose labels and in blueprints, and what they are held to.</summary>
static class ZoneVocabulary
{
    /// <summary>Services of one zone.</summary>
    public const int Services = 1000;

    const int MostMissed = 1000;
    const int MostQueue = 65_536;
    const int MostArchive = 65_536; // mebibytes
    const int MostRate = 100_000_000;
    const int HostLength = 253;
    static readonly TimeSpan LeastHeartbeat = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan MostHeartbeat = TimeSpan.FromMinutes(1);

    public static readonly IReadOnlyList<string> OfZone = ["heartbeat", "missed", "stabilized", "onFlatline", "archive"];

    public static readonly IReadOnlyList<string> OfService =
        ["port", "receive", "emit", "backlog", "required", "queue", "slow", "ordered", "satellite", "legacy", "rate", "tls"];

    public static readonly IReadOnlyList<(string Name, FlatlinePolicy Value)> Flatline =
        [("stop", FlatlinePolicy.Stop), ("zombie", FlatlinePolicy.Zombie), ("restart", FlatlinePolicy.Restart)];

    public static readonly IReadOnlyList<(string Name, SlowPolicy Value)> Slow =
        [("drop-oldest", SlowPolicy.DropOldest), ("coalesce", SlowPolicy.Coalesce), ("sever", SlowPolicy.Sever)];

    public static readonly IReadOnlyList<(string Name, bool Value)> Backlog = [("none", false), ("beat", true)];

    public static string NameOf<T>(IReadOnlyList<(string Name, T Value)> choices, T value) where T : notnull =>
        choices.First(choice => choice.Value.Equals(value)).Name;

    public static ZoneManifest Zone(string name, string key, ZoneWords words, IReadOnlyList<ZoneService> services) => new(
        name,
        words.Duration("heartbeat", ZoneManifest.DefaultHeartbeat, LeastHeartbeat, MostHeartbeat),
        words.Integer("missed", ZoneManifest.DefaultMissed, least: 1, MostMissed),
        words.Flag("stabilized", otherwise: true),
        words.Choice("onFlatline", Flatline),
        key,
        services)
    {
        Archive = words.Mebibytes("archive", MostArchive),
    };

    /// <param name="host">Where it is dialled; a service without dials the core, comes and goes, and so is not required unless it says so.</param>
    public static ZoneService Service(string name, string? host, ZoneWords words)
    {
        if (host is null)
        {
            words.Refuse("port", "a service that dials the core has no port; give it a host or take the port out");
            words.Refuse("tls", "a service that dials the core chooses ws or wss itself; take tls out");
        }
        return new(
            name,
            host,
            words.Integer("port", ZoneService.DefaultPort, least: 1, ushort.MaxValue),
            words.Patterns("receive"),
            words.Patterns("emit"),
            words.Choice("backlog", Backlog),
            words.Flag("required", otherwise: host is not null),
            words.Integer("queue", ZoneService.DefaultQueue, least: 1, MostQueue),
            words.Choice("slow", Slow),
            words.Patterns("ordered"),
            words.Text("satellite"),
            words.Flag("legacy", otherwise: false))
        {
            Rate = words.Integer("rate", ZoneService.DefaultRate, least: 1, MostRate),
            Tls = words.Flag("tls", otherwise: false),
        };
    }

    public static bool IsHost(string host) => host.Length is > 0 and <= HostLength
        && host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':') && host[0] != '-';

    public const string HostRule = "a host is a name or an address, such as sensor or 127.0.0.1";

    public const string ServiceRule = "a service's name has at most 63 letters, digits, '-', '_' or '.' and begins and ends with a letter or digit";

    /// <summary>Checks the names of a zone's services, each with its place.</summary>
    public static void CheckNames(IReadOnlyList<(string Name, Place At)> services, Problems problems)
    {
        var names = new HashSet<string>();
        foreach (var (name, at) in services)
            if (name.Length == 0 || !Names.IsLabelValue(name))
                problems.Error(at, $"service name '{Quote.Short(name)}'", ServiceRule);
            else if (name == "core")
                problems.Error(at, "a service named 'core'", "the zone's core goes by that name; call it otherwise, or label it o3.core if it is the core");
            else if (!names.Add(name))
                problems.Error(at, $"a second service '{name}'", "the services of a zone have different names");
        if (services.Count > Services)
            problems.Error(services[Services].At, $"service number {Services + 1}", "split the zone");
    }
}

namespace Allotrope.Contracts.Tests;

/// <summary>Valid blueprints of every shape, the same for the same seed.</summary>
sealed class RandomBlueprint(int seed)
{
    static readonly string[] Texts =
    [
        "", "a", " b ", "null", "~", "1.0", "true", "née", "😀", "\u0085\u2028x", "a: b", "\"q\"", "line\nline\ttab", "\u0001", "# c",
    ];

    readonly Random _random = new(seed);

    public Blueprint Make()
    {
        var components = Enumerable.Range(0, _random.Next(1, 6)).Select(Bare).ToList();
        return new($"app{seed}", Maybe("v1." + seed), Maybe(Text()), Map("app.example.com/l", () => "v"), Map("note", Text),
            [.. components.Select(component => component with { Links = Links(component, components) })],
            [new("vault", Policy.SecretType, new SortedDictionary<string, string> { ["backend"] = Text() })]);
    }

    Component Bare(int index)
    {
        if (_random.Next(5) == 0)
            return Zone($"c{index}");
        var kind = ((ComponentKind[])[ComponentKind.Actor, ComponentKind.Component, ComponentKind.Capability])[_random.Next(3)];
        var image = _random.Next(4) == 0 ? null : $"c{index}.wasm@sha256:{new string("0123456789abcdef"[_random.Next(16)], 64)}";
        return new($"c{index}", kind, image, image is null ? new("other", "part") : null, Maybe($"id-{index}"),
            kind is ComponentKind.Capability ? $"acme:c{index}" : null, kind is ComponentKind.Capability ? $"l{_random.Next(3)}" : "default",
            Config(), Secrets(), Scaling(), [], new(_random.Next(1, 4097), TimeSpan.FromMilliseconds(_random.Next(1, 600_000))))
        {
            RecordsTraps = kind is ComponentKind.Actor && _random.Next(2) == 0,
            ReusesInstances = kind is ComponentKind.Component && _random.Next(2) == 0,
            Hosts = kind is ComponentKind.Component && _random.Next(2) == 0 ? ["api.example.com", "*.example.org:8443", "https://[::1]:9000"] : [],
            Peers = kind is ComponentKind.Component && _random.Next(2) == 0 ? ["db.example.com:5432", "*.example.org:6379", "[::1]:9000"] : [],
            Folders = kind is ComponentKind.Component && _random.Next(2) == 0 ? [new("/data", _random.Next(1, 1024)), new("/var/lib/app", 64)] : [],
        };
    }

    Component Zone(string name) => new(
        name, ComponentKind.Zone, null, null, null, ZoneManifest.Contract, $"l{_random.Next(3)}", [], [],
        new(1, EveryNode: false, []), [], ComponentLimits.Default)
    {
        Zone = new(name, TimeSpan.FromMilliseconds(_random.Next(100, 60_001)), _random.Next(1, 1001), _random.Next(2) == 0,
            (FlatlinePolicy)_random.Next(3), "key", [.. Enumerable.Range(0, _random.Next(4)).Select(Service)])
        {
            Archive = _random.Next(2) == 0 ? 0 : _random.Next(1, 65_537),
        },
    };

    ZoneService Service(int index)
    {
        var host = Maybe("host.example");
        return new($"s{index}", host, host is null ? 1122 : _random.Next(1, 65_536), Patterns(), Patterns(), _random.Next(2) == 0, _random.Next(2) == 0,
            _random.Next(1, 65_537), (SlowPolicy)_random.Next(3), Patterns(), Maybe("https://far.example"), _random.Next(2) == 0)
            { Rate = _random.Next(1, 100_000_001), Tls = host is not null && _random.Next(2) == 0 };
    }

    IReadOnlyList<string> Patterns() => _random.Next(2) == 0 ? [] : ["a", "b.*", "*"];

    Scaling Scaling() => new(_random.Next(0, 100), _random.Next(2) == 0,
        [.. Enumerable.Range(0, _random.Next(3)).Select(i => new Spread($"s{i}", Map("zone", () => "z"), _random.Next(1, 200)))]);

    List<Link> Links(Component component, List<Component> all) => component.Kind is ComponentKind.Zone ? [] : [.. all
        .Where(target => target.Kind is not ComponentKind.Zone && !MayBeCircle(component, target) && _random.Next(2) == 0).Select(target =>
        component.Kind is ComponentKind.Actor && _random.Next(2) == 0
            ? new Link(target.Name, target.LinkName, target.Contract, [], Map("k", Text), LinkEnd.Empty, LinkEnd.Empty)
            : new Link(target.Name, $"n-{target.Name}", "acme:pack", [$"one-{target.Name}", $"two-{target.Name}"], new SortedDictionary<string, string>(),
                new(Config(), Secrets()), new(Config(), Secrets())))];

    /// <summary>Components are linked to later ones only.</summary>
    static bool MayBeCircle(Component component, Component target) =>
        component.Kind is ComponentKind.Component && target.Kind is ComponentKind.Component && string.CompareOrdinal(target.Name, component.Name) <= 0;

    IReadOnlyList<ConfigSet> Config() => _random.Next(3) switch
    {
        0 => [],
        1 => [new("", Map("k", Text))],
        _ => [new("one", Map("k", Text)), new("two", Map("k", Text))],
    };

    IReadOnlyList<Secret> Secrets() =>
        [.. Enumerable.Range(0, _random.Next(3)).Select(i => new Secret($"s{i}", "vault", "k/" + i, Maybe("field"), Maybe("3")))];

    SortedDictionary<string, string> Map(string key, Func<string> value) =>
        new(Enumerable.Range(0, _random.Next(4)).ToDictionary(i => key + i, _ => value()), StringComparer.Ordinal);

    string Text() => Texts[_random.Next(Texts.Length)];

    string? Maybe(string text) => _random.Next(2) == 0 ? null : text;
}

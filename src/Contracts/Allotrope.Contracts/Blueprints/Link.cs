namespace Allotrope.Contracts;

/// <summary>Allows a component to use another one through a contract.</summary>
/// <param name="Target">Name of the component linked to, in the same blueprint.</param>
/// <param name="Name">Tells links of one contract apart; in the first dialect the target's link name.</param>
/// <param name="Contract">First dialect: the target's contract, <see langword="null"/> for an actor; second: <c>namespace:package</c>.</param>
/// <param name="Interfaces">The interfaces of the package; empty in the first dialect only.</param>
/// <param name="Values">First dialect: the link's values; empty in the second.</param>
/// <param name="AtSource">Second dialect: settings for the linking side.</param>
/// <param name="AtTarget">Second dialect: settings for the side linked to.</param>
public sealed record Link(
    string Target,
    string Name,
    string? Contract,
    IReadOnlyList<string> Interfaces,
    IReadOnlyDictionary<string, string> Values,
    LinkEnd AtSource,
    LinkEnd AtTarget)
{
    /// <summary>True for <c>linkdef</c> of the first dialect, false for <c>link</c> of the second.</summary>
    public bool IsLinkdef => Interfaces.Count == 0;

    /// <summary>Every setting of the link as one set: values, then the source's, then the target's, a later one winning.</summary>
    public IReadOnlyDictionary<string, string> Settings => ConfigSet.Merge([new("", Values), .. AtSource.Config, .. AtTarget.Config]);
}

/// <summary>What one end of a link is given.</summary>
public sealed record LinkEnd(IReadOnlyList<ConfigSet> Config, IReadOnlyList<Secret> Secrets)
{
    public static readonly LinkEnd Empty = new([], []);
}

/// <summary>A named set of settings.</summary>
/// <param name="Name">Empty for the one unnamed set of the first dialect.</param>
public sealed record ConfigSet(string Name, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>One set of all; where two say different things, the later one wins.</summary>
    public static IReadOnlyDictionary<string, string> Merge(IEnumerable<ConfigSet> sets)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in sets.SelectMany(set => set.Properties))
            merged[key] = value;
        return merged;
    }
}

/// <summary>A secret asked for by name; its value never stands in a blueprint.</summary>
/// <param name="Policy">Name of a policy of type <see cref="Contracts.Policy.SecretType"/> in the same blueprint.</param>
public sealed record Secret(string Name, string Policy, string Key, string? Field, string? Version);

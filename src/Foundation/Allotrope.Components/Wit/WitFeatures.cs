namespace Allotrope.Components.Wit;

/// <summary>Which items marked <c>@unstable</c> are to be there.</summary>
public sealed class WitFeatures
{
    readonly HashSet<string>? _names;

    WitFeatures(HashSet<string>? names) => _names = names;

    /// <summary>None of them.</summary>
    public static WitFeatures None { get; } = new([]);

    /// <summary>All of them.</summary>
    public static WitFeatures All { get; } = new(null);

    /// <summary>Those of the features named.</summary>
    public static WitFeatures Of(IEnumerable<string> names) => new([.. names]);

    internal bool Has(WitGate? gate) => gate?.Feature is not { } feature || _names is null || _names.Contains(feature);
}

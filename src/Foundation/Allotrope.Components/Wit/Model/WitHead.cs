namespace Allotrope.Components.Wit;

/// <summary>What everything that has a name in WIT has.</summary>
/// <param name="Name">In kebab case, without <c>%</c>.</param>
/// <param name="Position">Where the name is written.</param>
/// <param name="Docs">The documentation comment; lines are separated by line feeds.</param>
/// <param name="Gate">What it was marked with; null for nothing.</param>
public sealed record WitHead(string Name, WitPosition Position, string? Docs = null, WitGate? Gate = null);

/// <summary>Since when, or for whom, something is there.</summary>
/// <param name="Since">The version of the package that brought it.</param>
/// <param name="Feature">The feature that must be asked for to have it.</param>
/// <param name="Deprecated">The version since which it should not be used.</param>
/// <param name="ExternalId">What it is called outside of WIT.</param>
public sealed record WitGate(string? Since, string? Feature, string? Deprecated, string? ExternalId);

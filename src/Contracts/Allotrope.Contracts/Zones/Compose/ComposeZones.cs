namespace Allotrope.Contracts;

/// <summary>The zones of a compose file.</summary>
/// <param name="Name">The file's: the zone's of its services that name none.</param>
/// <param name="KeyFile">Where the key lies by the file's top-level <c>secrets</c>, as written; <see langword="null"/> when it does not say.</param>
/// <param name="Warnings">What is allowed but probably not meant.</param>
public sealed record ComposeZones(string Name, IReadOnlyList<ZoneManifest> Zones, string? KeyFile, IReadOnlyList<Problem> Warnings)
{
    /// <summary>The services with a <c>command</c>, in the file's order; those of no zone too, for they may be what others need.</summary>
    public IReadOnlyList<ComposeProgram> Programs { get; init; } = [];

    /// <summary>The services of a zone that have none: whoever runs the file starts their images.</summary>
    public IReadOnlyList<string> WithoutProgram { get; init; } = [];

    /// <summary>A blueprint that runs the cores of these zones, for the compose file's services are run by whoever runs the file.</summary>
    public Blueprint ToBlueprint() => new(
        Name, Version: null, Description: "Zone of a compose file", new SortedDictionary<string, string>(), new SortedDictionary<string, string>(),
        [.. Zones.Select(zone => new Component(
            zone.Zone, ComponentKind.Zone, null, null, null, ZoneManifest.Contract, Component.DefaultLinkName, [], [], Scaling.Default, [],
            ComponentLimits.Default) { Zone = zone })],
        []);
}

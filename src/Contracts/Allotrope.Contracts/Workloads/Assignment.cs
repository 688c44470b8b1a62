using System.Text.Json.Serialization;

namespace Allotrope.Contracts;

/// <summary>What one node is to run of one component. Written by the Planner, made real by the module that runs its kind.</summary>
/// <param name="Workload">Id <c>{blueprint}-{component}</c>; see <see cref="WorkloadId"/>.</param>
/// <param name="Revision">The contract revision it comes from; a module reports it back in <see cref="WorkloadStatus"/>.</param>
/// <param name="Links">What the workload may call. Empty: nothing.</param>
/// <param name="Image">Empty for a zone.</param>
/// <param name="LinkedFrom">
/// For a capability or a zone: the workloads linked to it, with each link's values. An actor linked to a zone is one of its services; its values
/// <c>receive</c> and <c>emit</c> are read by <see cref="IntentPatterns.Split"/>.
/// </param>
/// <param name="Zone">For a zone: what it is.</param>
public sealed record Assignment(
    string Node,
    string Workload,
    string Blueprint,
    string Component,
    long Revision,
    ComponentKind Kind,
    string Image,
    string? Contract,
    string LinkName,
    int Instances,
    ComponentLimits Limits,
    IReadOnlyDictionary<string, string> Config,
    IReadOnlyList<BoundLink> Links,
    IReadOnlyList<IncomingLink> LinkedFrom,
    ZoneManifest? Zone = null)
{
    /// <summary>As <see cref="Component.RecordsTraps"/>.</summary>
    public bool RecordsTraps { get; init; }

    /// <summary>As <see cref="Component.ReusesInstances"/>.</summary>
    public bool ReusesInstances { get; init; }

    /// <summary>As <see cref="Component.Hosts"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>As <see cref="Component.Peers"/>.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>As <see cref="Component.Folders"/>.</summary>
    public IReadOnlyList<Folder> Folders { get; init; } = [];

    /// <summary>How often the workload was asked to be started again; a module starts it anew when this has changed.</summary>
    public int Restarts { get; init; }
}

/// <param name="Workload">The provider's or actor's workload.</param>
/// <param name="Contract">Contract id for a capability; for an actor its call alias or <see langword="null"/>.</param>
public sealed record BoundLink(string Workload, ComponentKind Kind, string? Contract, string Name, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>The interfaces of package <see cref="Contract"/> that the link is for, as <see cref="Link.Interfaces"/>; empty for a linkdef.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>The same with their package: <c>wasi:keyvalue/store</c>.</summary>
    [JsonIgnore]
    public IEnumerable<string> QualifiedInterfaces => Interfaces.Select(face => $"{Contract}/{face}");
}

public sealed record IncomingLink(string Workload, string Name, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>With their package, the interfaces that the link is for, such as <c>wasi:keyvalue/store</c>; empty for a linkdef.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>What the linked workload is: an HTTP server hands requests to a component otherwise than to an actor.</summary>
    public ComponentKind Kind { get; init; }

    /// <summary>As which service an actor is in the zone it is linked to: the link's value <c>service</c>, or the workload.</summary>
    [JsonIgnore]
    public string ServiceName => Values.GetValueOrDefault("service") ?? Workload;
}

namespace Allotrope.Contracts;

/// <summary>One part of a blueprint: a workload and what is to be done with it.</summary>
/// <param name="Image">
/// Where its code is: a file path while it is a draft, <c>{path}@sha256:{hex}</c> once resolved, or <c>builtin:{name}</c> for a provider that is
/// part of the node (see <see cref="ImageReference"/>); <see langword="null"/> when <paramref name="StandsFor"/> says which workload it is.
/// </param>
/// <param name="StandsFor">A component of another, shared blueprint that this one is.</param>
/// <param name="Id">An id of the author's choice, unique in the blueprint; informative, workloads are named by <see cref="WorkloadId"/>.</param>
/// <param name="Contract">What a capability implements, such as <c>wasmcloud:keyvalue</c>; <see langword="null"/> for actors.</param>
/// <param name="LinkName">The name under which links of several providers of one contract are told apart.</param>
public sealed record Component(
    string Name,
    ComponentKind Kind,
    string? Image,
    ComponentReference? StandsFor,
    string? Id,
    string? Contract,
    string LinkName,
    IReadOnlyList<ConfigSet> Config,
    IReadOnlyList<Secret> Secrets,
    Scaling Scaling,
    IReadOnlyList<Link> Links,
    ComponentLimits Limits)
{
    /// <summary>What a component of kind <see cref="ComponentKind.Zone"/> is; <see langword="null"/> for every other.</summary>
    public ZoneManifest? Zone { get; init; }

    /// <summary>What <c>record</c> says in a blueprint for <see cref="RecordsTraps"/>.</summary>
    public const string RecordTraps = "traps";

    /// <summary>Whether a call of the actor that traps leaves a record of itself on the node, to be replayed.</summary>
    public bool RecordsTraps { get; init; }

    /// <summary>Whether an instance of a component serves one request after another; otherwise each request has an instance of its own.</summary>
    public bool ReusesInstances { get; init; }

    /// <summary>Where a component may send HTTP requests, each in the one spelling of <see cref="Kernel.HttpHost"/>; nowhere else.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Where a component may connect to by TCP, each in the one spelling of <see cref="Kernel.TcpPeer"/>; nowhere else.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>Where a component may keep files; nowhere else.</summary>
    public IReadOnlyList<Folder> Folders { get; init; } = [];

    public const string DefaultLinkName = "default";

    /// <summary>All of <see cref="Config"/> as one set.</summary>
    public IReadOnlyDictionary<string, string> Settings => ConfigSet.Merge(Config);
}

/// <summary>What runs the component.</summary>
public enum ComponentKind
{
    /// <summary>A WebAssembly module that speaks wasmbus.</summary>
    Actor,

    /// <summary>A provider of a capability contract.</summary>
    Capability,

    /// <summary>A zone of arteries: this node runs its core. Its services run elsewhere or are actors linked to it.</summary>
    Zone,

    /// <summary>A WebAssembly component: what it imports and exports are interfaces, such as those of WASI.</summary>
    Component,
}

/// <summary>Names a component of another blueprint.</summary>
public sealed record ComponentReference(string Blueprint, string Component);

/// <summary>Bounds of one instance; the defaults suit a small HTTP service.</summary>
public sealed record ComponentLimits(int MemoryMebibytes, TimeSpan CallTime)
{
    public static readonly ComponentLimits Default = new(MemoryMebibytes: 64, CallTime: TimeSpan.FromSeconds(2));
}

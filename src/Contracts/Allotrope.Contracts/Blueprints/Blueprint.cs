namespace Allotrope.Contracts;

/// <summary>
/// An Open Application Model v1beta1 <c>Application</c> after parsing and validation, in one model for both dialects
/// (actor/linkdef of wadm 0.4 and component/link of wadm 0.21). Source: oam-dev/spec v0.3.0 and the wadm manifest documentation.
/// </summary>
/// <param name="Name">At most 63 characters: letters, digits, <c>-</c>, <c>_</c>, <c>.</c>; begins and ends with a letter or digit.</param>
/// <param name="Version">From the annotation <c>version</c>; <see langword="null"/> lets the ledger number the revision.</param>
public sealed record Blueprint(
    string Name,
    string? Version,
    string? Description,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    IReadOnlyList<Component> Components,
    IReadOnlyList<Policy> Policies);

/// <summary>One part of a blueprint: a workload and what is to be done with it.</summary>
/// <param name="Image">
/// Where its code is: a file path while it is a draft, <c>{path}@sha256:{hex}</c> once resolved, or <c>builtin:{name}</c> for a provider that is
/// part of the node.
/// </param>
/// <param name="Contract">What a capability implements, such as <c>wasmcloud:keyvalue</c>; <see langword="null"/> for actors.</param>
/// <param name="LinkName">The name under which links of several providers of one contract are told apart.</param>
public sealed record Component(
    string Name,
    ComponentKind Kind,
    string Image,
    string? Id,
    string? Contract,
    string LinkName,
    IReadOnlyDictionary<string, string> Config,
    Scaling Scaling,
    IReadOnlyList<Link> Links,
    ComponentLimits Limits);

/// <summary>What runs the component.</summary>
public enum ComponentKind
{
    /// <summary>A WebAssembly workload.</summary>
    Actor,

    /// <summary>A provider of a capability contract.</summary>
    Capability,
}

/// <param name="Instances">How many at most run at once: for an actor, how many calls it answers concurrently on each node chosen.</param>
/// <param name="EveryNode">True for <c>daemonscaler</c>: that many on each matching node; false for <c>spreadscaler</c>: in total.</param>
public sealed record Scaling(int Instances, bool EveryNode, IReadOnlyList<Spread> Spread);

/// <param name="Requirements">Labels a node must carry.</param>
/// <param name="Weight">Share of the instances relative to the other spreads; 100 when not said.</param>
public sealed record Spread(string Name, IReadOnlyDictionary<string, string> Requirements, int Weight);

/// <summary>Allows a component to use another one through a contract.</summary>
/// <param name="Target">Name of the component linked to, in the same blueprint.</param>
/// <param name="Contract">The contract (first dialect: the target's; second: <c>namespace:package</c>).</param>
public sealed record Link(
    string Target,
    string Name,
    string? Contract,
    IReadOnlyList<string> Interfaces,
    IReadOnlyDictionary<string, string> Values);

/// <summary>Bounds of one instance; the defaults suit a small HTTP service.</summary>
public sealed record ComponentLimits(int MemoryMebibytes, TimeSpan CallTime)
{
    public static readonly ComponentLimits Default = new(MemoryMebibytes: 64, CallTime: TimeSpan.FromSeconds(2));
}

public sealed record Policy(string Name, string Type, IReadOnlyDictionary<string, string> Properties);

using System.Net;
using Allotrope.Contracts;

namespace Allotrope.Gateway;

/// <summary>One way in: requests for this address, host and path go to this workload.</summary>
/// <param name="Provider">The workload of the <c>builtin:httpserver</c> component that the link targets; errors are reported in its status.</param>
/// <param name="Workload">Whom requests go to.</param>
/// <param name="LinkName">The link's name, passed on with every call.</param>
/// <param name="EndPoint">Where to listen; port 0 means the node's free port.</param>
/// <param name="Host">Lower-case host name, or <see langword="null"/> for any.</param>
/// <param name="Path">Begins with <c>/</c>, and ends without one unless it is the root.</param>
/// <param name="Streams">The workload is a component, whose requests and answers stream; an actor's are encoded whole.</param>
sealed record Route(string Provider, string Workload, string LinkName, IPEndPoint EndPoint, string? Host, string Path, bool Streams = false)
{
    /// <summary>Kept here so that a request does not build it.</summary>
    public string Subject { get; } = Streams ? Subjects.Http(Workload) : Subjects.Invoke(Workload);

    /// <summary>What no two routes may share.</summary>
    public RouteClaim Claim => new(EndPoint, Host, Path);

    /// <summary>True when both come from the same link, whatever its values say now.</summary>
    public bool SameLink(Route other) => Provider == other.Provider && Workload == other.Workload && LinkName == other.LinkName;

    /// <summary>True when it comes from this link of <paramref name="provider"/>, whatever its values were then.</summary>
    public bool IsOf(string provider, IncomingLink link) => Provider == provider && Workload == link.Workload && LinkName == link.Name;
}

/// <summary>A place where requests arrive; it belongs to one route.</summary>
readonly record struct RouteClaim(IPEndPoint EndPoint, string? Host, string Path)
{
    public override string ToString() => EndPoint.Port == 0
        ? $"a free port, {(Host is null ? "" : $"host {Host}, ")}path {Path}"
        : $"port {EndPoint.Port} on {EndPoint.Address}, {(Host is null ? "" : $"host {Host}, ")}path {Path}";
}

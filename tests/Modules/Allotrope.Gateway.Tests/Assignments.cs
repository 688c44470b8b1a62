using Allotrope.Contracts;

namespace Allotrope.Gateway.Tests;

/// <summary>What the Planner would write for an HTTP server.</summary>
static class Assignments
{
    public static Assignment Http(string node, string workload, long revision, params IReadOnlyList<IncomingLink> links) => new(
        node, workload, workload.Split('-')[0], workload.Split('-')[1], revision, ComponentKind.Capability, HttpContract.Image, HttpContract.Id,
        "default", 1, ComponentLimits.Default, new Dictionary<string, string>(), [], links);
}

namespace Allotrope.Contracts;

/// <summary>How many of a component run, and where.</summary>
/// <param name="Instances">How many at most run at once: for an actor, how many calls it answers concurrently on each node chosen.</param>
/// <param name="EveryNode">True for <c>daemonscaler</c>: that many on each matching node; false for <c>spreadscaler</c>: in total.</param>
/// <param name="Spread">Where; empty for any node.</param>
public sealed record Scaling(int Instances, bool EveryNode, IReadOnlyList<Spread> Spread)
{
    /// <summary>What a component without a scaler gets.</summary>
    public static readonly Scaling Default = new(Instances: 1, EveryNode: false, Spread: []);
}

/// <param name="Requirements">Labels a node must carry.</param>
/// <param name="Weight">Share of the instances relative to the other spreads.</param>
public sealed record Spread(string Name, IReadOnlyDictionary<string, string> Requirements, int Weight)
{
    public const int DefaultWeight = 100;
}

namespace Allotrope.Planner;

/// <summary>What the planner knows of a node.</summary>
/// <param name="Node">Its public key.</param>
/// <param name="Labels">What spread requirements are held against.</param>
public sealed record NodeDescription(string Node, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Whether every requirement is a label of the node with just that value.</summary>
    public bool Meets(IReadOnlyDictionary<string, string> requirements) =>
        requirements.All(requirement => Labels.TryGetValue(requirement.Key, out var value) && value == requirement.Value);
}

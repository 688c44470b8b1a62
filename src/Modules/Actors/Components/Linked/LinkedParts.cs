using Allotrope.Components;

namespace Allotrope.Actors;

/// <summary>
/// A component and those on this node that it is linked to, and those that these are linked to: for each call they are instantiated together, each in a store
/// of its own.
/// </summary>
/// <param name="Parts">By workload, the component itself first.</param>
/// <param name="Composition">What one imports and another exports.</param>
/// <param name="Elsewhere">The workloads that are called over the bus.</param>
sealed record LinkedParts(IReadOnlyDictionary<string, ComponentPart> Parts, Composition<ComponentState> Composition, IReadOnlySet<string> Elsewhere);

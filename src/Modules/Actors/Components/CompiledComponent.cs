using Allotrope.Components;

namespace Allotrope.Actors;

/// <summary>A component's compiled code, shared by all its workloads and instances.</summary>
sealed record CompiledComponent(string Digest, Component Component);

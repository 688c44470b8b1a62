using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>An actor's verified claims and compiled code, shared by all its workloads and instances.</summary>
sealed record CompiledActor(string Digest, ActorClaims Claims, Module Module);

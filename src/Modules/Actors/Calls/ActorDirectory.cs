using System.Collections.Concurrent;

namespace Allotrope.Actors;

/// <summary>The keys and call aliases of the actors that run here, so that a link can be called by what its target is, not only by a name.</summary>
sealed class ActorDirectory
{
    readonly ConcurrentDictionary<string, ActorClaims> _actors = new();

    public void Put(string workload, ActorClaims claims) => _actors[workload] = claims;

    public void Remove(string workload) => _actors.TryRemove(workload, out _);

    /// <summary>Whether <paramref name="workload"/> runs an actor with this public key or call alias.</summary>
    public bool Answers(string workload, string keyOrAlias) =>
        keyOrAlias.Length > 0 && _actors.TryGetValue(workload, out var claims) && (claims.Module.ToString() == keyOrAlias || claims.Description.CallAlias == keyOrAlias);
}

using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>What the components of a node have in common.</summary>
sealed record ComponentHost(ActorLogs Logs, TimeProvider Time, IRandom Random);

using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>What the components of a node have in common.</summary>
/// <param name="Memory">For instances that wait for calls.</param>
sealed record ComponentHost(ILattice Lattice, ActorLogs Logs, TimeProvider Time, IRandom Random, GuestFolders Folders, IdleMemory Memory);

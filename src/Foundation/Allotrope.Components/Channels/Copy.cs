namespace Allotrope.Components;

/// <summary>A read or write under way.</summary>
/// <param name="End">Of what.</param>
/// <param name="Instance">Whose.</param>
/// <param name="Index">The handle of the end.</param>
/// <param name="Buffer">Where the values are or go to.</param>
sealed record Copy(ChannelEnd End, InstanceState Instance, uint Index, CopyBuffer Buffer);

namespace Allotrope.Contracts;

/// <summary>What the providers of one module have in common.</summary>
/// <param name="Contract">Which they provide.</param>
/// <param name="Image">The only one of it that is part of the node.</param>
/// <param name="OpenAsync">Opens the one of a workload; <see cref="IProvider.UseAsync"/> is called with the same assignment next.</param>
public sealed record ProviderKind(string Contract, string Image, Func<Assignment, CancellationToken, Task<IProvider>> OpenAsync);

using Allotrope.Contracts;

namespace Allotrope.Planner;

/// <summary>A blueprint that is in force.</summary>
/// <param name="Revision">Number of its ledger entry.</param>
/// <param name="Applied">When it was admitted.</param>
/// <param name="Blueprint"><see langword="null"/> when <paramref name="Flaw"/> says why it cannot be followed.</param>
sealed record Contract(string Name, string Version, long Revision, DateTimeOffset Applied, Blueprint? Blueprint, string? Flaw);

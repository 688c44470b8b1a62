namespace Allotrope.Ledger;

/// <summary>What a verification found.</summary>
/// <param name="Entries">How many entries, from the first, are sound.</param>
/// <param name="Head">
/// The hash of the last sound entry. Entries cut off at the end leave a sound ledger with another head, so keep a copy elsewhere.
/// </param>
/// <param name="Flaw">The first entry that is not sound; <see langword="null"/> when all are.</param>
public sealed record LedgerReport(long Entries, string Head, LedgerFlaw? Flaw);

/// <param name="Reason">What is wrong with it, as the rest of a sentence that begins "Entry n: ".</param>
public sealed record LedgerFlaw(long Number, string Reason);

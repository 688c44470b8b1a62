namespace Allotrope.Contracts;

/// <summary>One line of the ledger. Its hash covers every other field and the entry before it.</summary>
/// <param name="Number">1 for the first; equal to the revision in the record.</param>
/// <param name="Previous">Hash of the entry before, 64 zeros for the first.</param>
/// <param name="Kind"><c>blueprint.put</c> or <c>blueprint.remove</c>.</param>
/// <param name="Tenant">The tenant whose key signed.</param>
/// <param name="Canonical">For a put, the signed canonical blueprint.</param>
/// <param name="SignedAt">When the tenant signed it.</param>
/// <param name="Subject">For a removal, the ledger revision that was seen by its signer; 0 for a put.</param>
/// <param name="Hash">Lower-case hex SHA-256.</param>
/// <param name="Seal">The node's signature over <paramref name="Hash"/>.</param>
public sealed record LedgerEntry(
    long Number,
    string Previous,
    DateTimeOffset Time,
    string Kind,
    string Tenant,
    string Name,
    string Version,
    ReadOnlyMemory<byte> Canonical,
    long Subject,
    DateTimeOffset SignedAt,
    string Signer,
    ReadOnlyMemory<byte> Signature,
    string Hash,
    string Node,
    ReadOnlyMemory<byte> Seal);

using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Ledger;

/// <summary>
/// Checks a ledger from its first entry to its last without a running node, trusting only the keys it is given: numbers, chain, hashes,
/// tenants' signatures and node's seals.
/// </summary>
/// <param name="tenants">Whose signatures count; <see langword="null"/> accepts every well-signed entry.</param>
/// <param name="node">Who may have sealed; <see langword="null"/> accepts every node.</param>
public sealed class LedgerVerifier(Tenants? tenants = null, PublicKey? node = null)
{
    /// <exception cref="FaultException">When the record itself cannot be read.</exception>
    public async Task<LedgerReport> VerifyAsync(IRecord record, CancellationToken cancellation = default)
    {
        var (entries, previous) = (0L, EntrySeal.Beginning);
        await foreach (var recorded in record.ReadAsync(Streams.Contracts, cancellation: cancellation))
        {
            var number = entries + 1;
            LedgerEntry entry;
            try
            {
                entry = EntryCodec.Read(recorded);
            }
            catch (FaultException error)
            {
                return new(entries, previous, new(number, error.Fault.Message));
            }
            if (FlawOf(entry, recorded, number, previous) is { } reason)
                return new(entries, previous, new(number, reason));
            (entries, previous) = (number, entry.Hash);
        }
        return new(entries, previous, null);
    }

    string? FlawOf(LedgerEntry entry, RecordedEvent recorded, long number, string previous) =>
        recorded.Revision != number ? $"entry {number} is missing: the record goes on with revision {recorded.Revision}"
        : entry.Number != number ? $"it says it is number {entry.Number}"
        : entry.Previous != previous ? $"it follows an entry with hash {entry.Previous}, but the one before has {previous}"
        : entry.Hash != EntrySeal.Hash(entry) ? "its hash does not fit its content: a field was changed after it was written"
        : !EntrySeal.Verify(entry) ? $"its seal was not made by node {entry.Node}"
        : node is { } known && entry.Node != known.ToString() ? $"it was sealed by node {entry.Node}, not by {known}"
        : recorded.Type != entry.Kind || !recorded.Data.Span.SequenceEqual(EntryCodec.Write(entry).Data.Span)
            ? "it was stored in another form than this program writes"
        : SignatureFlawOf(entry);

    string? SignatureFlawOf(LedgerEntry entry) =>
        !IsSigned(entry) ? $"the signature of {entry.Signer} does not fit it"
        : tenants is not null && tenants.Of(entry.Signer) != entry.Tenant
            ? $"it was admitted for tenant '{entry.Tenant}', but {entry.Signer} is no known key of that tenant"
        : entry.Kind == EntryKind.Put ? ContentFlawOf(entry)
        : null;

    static bool IsSigned(LedgerEntry entry) => entry.Kind switch
    {
        EntryKind.Put => BlueprintSignature.Verify(new SignedBlueprint(entry.Canonical, entry.SignedAt, entry.Signer, entry.Signature)),
        EntryKind.Remove => BlueprintSignature.Verify(new SignedRemoval(entry.Name, entry.Subject, entry.SignedAt, entry.Signer, entry.Signature)),
        _ => false,
    };

    static string? ContentFlawOf(LedgerEntry entry)
    {
        try
        {
            var blueprint = BlueprintCanonical.Read(entry.Canonical.Span);
            return blueprint.Name != entry.Name || (blueprint.Version ?? entry.Version) != entry.Version
                ? $"it is filed as {entry.Name} {entry.Version}, but its blueprint is {blueprint.Name} {blueprint.Version}"
                : null;
        }
        catch (FaultException error)
        {
            return $"its blueprint breaks a rule: {error.Fault.Message}";
        }
    }
}

using System.Text.Json;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Planner;

/// <summary>The blueprints in force, as the ledger's stream tells them from its first entry on. One reader at a time.</summary>
sealed class ContractLog(IRecord record)
{
    readonly SortedDictionary<string, Contract> _contracts = new(StringComparer.Ordinal);

    /// <summary>Number of the newest entry read.</summary>
    public long Head { get; private set; }

    public IReadOnlyCollection<Contract> Contracts => _contracts.Values;

    /// <summary>Completes when there is something new to read.</summary>
    public Task WaitAsync(CancellationToken cancellation) => record.WaitAsync(Streams.Contracts, Head, cancellation).AsTask();

    /// <summary>Reads on, and returns what was removed since and did not come back.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when an entry cannot be read.</exception>
    public async Task<IReadOnlyList<Contract>> ReadOnAsync(CancellationToken cancellation)
    {
        var removed = new Dictionary<string, Contract>();
        await foreach (var recorded in record.ReadAsync(Streams.Contracts, Head, cancellation))
        {
            var entry = Read(recorded);
            if (entry.Kind == EntryKind.Put)
            {
                _contracts[entry.Name] = ContractOf(entry);
                removed.Remove(entry.Name);
            }
            else if (_contracts.Remove(entry.Name, out var contract))
            {
                removed[entry.Name] = contract;
            }
            Head = recorded.Revision;
        }
        return [.. removed.Values];
    }

    /// <summary>Number of the newest entry there is now, read or not.</summary>
    public static async Task<long> HeadAsync(IRecord record, long known, CancellationToken cancellation)
    {
        await foreach (var recorded in record.ReadAsync(Streams.Contracts, known, cancellation))
            known = recorded.Revision;
        return known;
    }

    /// <summary>Checks again what the ledger checked: one line of the record that somebody wrote past it must not run anything.</summary>
    static Contract ContractOf(LedgerEntry entry)
    {
        try
        {
            if (!BlueprintSignature.Verify(new SignedBlueprint(entry.Canonical, entry.SignedAt, entry.Signer, entry.Signature)))
                throw new FaultException(new Fault.Damaged(
                    $"The signature of entry {entry.Number} of the ledger does not fit it; see `allot ledger verify`."));
            return new(entry.Name, entry.Version, entry.Number, entry.Time, BlueprintCanonical.Read(entry.Canonical.Span), null);
        }
        catch (FaultException error)
        {
            return new(entry.Name, entry.Version, entry.Number, entry.Time, null, error.Fault.Message);
        }
    }

    static LedgerEntry Read(RecordedEvent recorded)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(recorded.Data.Span, ContractsJson.Default.LedgerEntry);
            return entry is { Name: not null, Kind: not null, Version: not null }
                ? entry
                : throw new JsonException("fields are missing");
        }
        catch (JsonException error)
        {
            throw new FaultException(new Fault.Damaged(
                $"Entry {recorded.Revision} of the ledger cannot be read ({error.Message}); restore the record from a backup."), error);
        }
    }
}

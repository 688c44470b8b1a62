using System.Text.Json;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Ledger;

/// <summary>An entry as an event of the record.</summary>
static class EntryCodec
{
    public static RecordEvent Write(LedgerEntry entry) =>
        new(entry.Kind, JsonSerializer.SerializeToUtf8Bytes(entry, ContractsJson.Default.LedgerEntry));

    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when the event is none that <see cref="Write"/> makes.</exception>
    public static LedgerEntry Read(RecordedEvent recorded)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(recorded.Data.Span, ContractsJson.Default.LedgerEntry);
            if (entry is { Previous: not null, Kind: not null, Tenant: not null, Name: not null, Version: not null }
                and { Signer: not null, Hash: not null, Node: not null })
                return entry;
            throw Damaged(recorded, "fields are missing");
        }
        catch (JsonException error)
        {
            throw Damaged(recorded, error.Message, error);
        }
    }

    static FaultException Damaged(RecordedEvent recorded, string why, Exception? cause = null) =>
        new(new Fault.Damaged($"Entry {recorded.Revision} of the ledger cannot be read ({why}); restore the record from a backup."), cause);
}
